"""The commit of the code that a build is made with, where the project is in a git repository."""

import subprocess

from gouji.paths import PROJECT_FILE, Project

# What data says of itself is another hash, see `Inputs.sha256_of_data`.
CODE = (".", ":(exclude,glob)seeds/**/*.csv")


def commit_of(project: Project) -> str | None:
    """Give the commit, with `-dirty` where code is not as the commit has it.

    None where git is not installed, or knows nothing of the project.
    """
    known = _git(project, "rev-parse", "HEAD", f"HEAD:./{PROJECT_FILE}")
    if not known:
        return None
    changed = _git(project, "status", "--porcelain", "--untracked-files=no", "--", *CODE)
    return known.split()[0] + ("-dirty" if changed else "")


def _git(project: Project, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(project.root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
