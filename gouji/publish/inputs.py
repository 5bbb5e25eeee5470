"""What a build is made from, so that one over the same input is known before it begins.

The content of a file decides. Files whose state on the disk is as it was are not read again.
"""

import csv
import hashlib
import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gouji
from gouji.paths import Project
from gouji.publish.seeds import DATE

DATA = (".csv", ".parquet")
CODE = (".sql", ".yml", ".yaml", ".py", ".md", ".html", ".j2", ".css", ".js", ".json")
PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "requirements.lock")
PROJECT_FOLDERS = ("models", "macros", "tests/generic", "tests/singular", "expectations")
# What a landing has ready is none of the project.
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__")
VERSIONS = ("gouji", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations")
# A file that was written just before it was read may have been written again without a trace.
NANOSECONDS_IN_DOUBT = 2 * 10**9


@dataclass(frozen=True)
class File:
    """A file as it was read; times in nanoseconds."""

    size: int
    modified: int
    changed: int
    sha256: str


@dataclass(frozen=True)
class Inputs:
    """Everything that a build hangs on.

    `files` are by name, `seeds/…`, `landing/…` and so on; `others` what no file says: versions,
    and what of the day matters. `read_at` is when reading began, in nanoseconds.
    """

    files: Mapping[str, File]
    others: Mapping[str, str]
    read_at: int

    @property
    def sha256_of_data(self) -> str:
        """The SHA-256 of the data alone: of seeds, and of the landing folder."""
        digest = hashlib.sha256()
        for folder in ("seeds/", "landing/"):
            for name, file in sorted(self.files.items()):
                if name.startswith(folder) and name.endswith(DATA):
                    digest.update(f"{name.removeprefix(folder)}\n".encode())
                    digest.update(bytes.fromhex(file.sha256))
        return digest.hexdigest()

    def changes(self, before: "Inputs") -> list[str]:
        """Name what is not as it was in an earlier build: files, versions, the day."""
        return [
            *_differences(
                {name: file.sha256 for name, file in before.files.items()},
                {name: file.sha256 for name, file in self.files.items()},
            ),
            *_differences(before.others, self.others),
        ]

    def as_json(self) -> dict[str, Any]:
        """Give it as it is kept with the build."""
        files = {
            name: [file.size, file.modified, file.changed, file.sha256]
            for name, file in self.files.items()
        }
        return {"read_at": self.read_at, "others": dict(self.others), "files": files}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Inputs":
        """Read what `as_json` gave."""
        files = {name: File(*state) for name, state in kept["files"].items()}
        return Inputs(files, kept["others"], kept["read_at"])


def read_inputs(project: Project, landing: Path | None, before: Inputs | None = None) -> Inputs:
    """Read what a build would be made from now.

    Args:
        project: the dbt project.
        landing: the folder whose tables replace the raw seeds, if any.
        before: what an earlier build was made from; files in the same state are not read again.
    """
    read_at = time.time_ns()
    files = {
        name: _read(path, before.files.get(name) if before else None, before)
        for name, path in _paths(project, landing)
    }
    others = {
        **{name: version(name) for name in VERSIONS},
        "python": platform.python_version(),
        **_of_the_day(project),
    }
    return Inputs(files, others, read_at)


def copy_project(project: Project, to: Path) -> None:
    """Copy what a build reads of a project into a folder that is to be made."""
    to.mkdir(parents=True)
    for name in (*PROJECT_FILES, *PROJECT_FOLDERS, "seeds"):
        path = project.root / name
        if path.is_dir():
            shutil.copytree(path, to / name, ignore=NOT_COPIED)
        elif path.is_file():
            shutil.copy(path, to / name)


def _paths(project: Project, landing: Path | None) -> Iterator[tuple[str, Path]]:
    for name in PROJECT_FILES:
        if (project.root / name).is_file():
            yield name, project.root / name
    folders: list[tuple[str, Path, tuple[str, ...]]]
    folders = [(name, project.root / name, CODE) for name in PROJECT_FOLDERS]
    folders += [("seeds", project.root / "seeds", (*DATA, ".yml"))]
    folders += [("gouji", Path(gouji.__file__).parent, CODE)]
    folders += [("landing", landing, DATA)] if landing else []
    for name, folder, endings in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            is_hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
            if path.suffix in endings and not is_hidden and path.is_file():
                yield f"{name}/{inside.as_posix()}", path


def _read(path: Path, known: File | None, before: Inputs | None) -> File:
    found = path.stat()
    state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    if known and before and state == (known.size, known.modified, known.changed):
        latest = max(known.modified, known.changed)
        if latest < before.read_at - NANOSECONDS_IN_DOUBT:
            return known
    with path.open("rb") as content:
        return File(*state, hashlib.file_digest(content, "sha256").hexdigest())


def _of_the_day(project: Project) -> dict[str, str]:
    """What a build hangs on that changes with the day alone: its year, and what has expired."""
    # the calendar day here, as DuckDB's current_date
    today = project.as_of or date.today()  # noqa: DTZ011
    ledger = project.root / "seeds" / "stewardship" / "acknowledged_issues.csv"
    expired = 0
    if ledger.is_file():
        with ledger.open(encoding="utf-8", errors="replace", newline="") as text:
            expired = sum(
                _is_over(row.get("expires_on") or "", today) for row in csv.DictReader(text)
            )
    return {"year": f"{today.year}", "expired decisions": f"{expired}"}


def _is_over(day: str, today: date) -> bool:
    """Whether a day, written in any way that seeds allow, is before today."""
    written = DATE.match(day)
    return written is not None and tuple(map(int, written.groups())) < today.timetuple()[:3]


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
