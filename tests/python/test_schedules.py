"""cron, systemd and the hosted workflow call the README's command, and it runs as they call it."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import clean_environment

ROOT = Path(__file__).parents[2]
PLACE = "/srv/gouji"
ORCHESTRATION = ROOT / "orchestration"
CRONTAB = ORCHESTRATION / "crontab"
UNITS = sorted((ORCHESTRATION / "systemd").iterdir())
WORKFLOW = ROOT / ".github" / "workflows" / "build.yml"
# As cron gives it; systemd gives less.
ENVIRONMENT = {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "HOME": "/nowhere", "LOGNAME": "gouji"}


def commands_of(readme: str) -> set[str]:
    """The commands of the README's blocks, without what is said of them."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return {line for line in lines if line}


def cron_command() -> str:
    (line,) = [line for line in CRONTAB.read_text("utf-8").splitlines() if not line.startswith("#")]
    return line.split(maxsplit=5)[5]


def unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string((ORCHESTRATION / "systemd" / name).read_text("utf-8"))
    return found


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_all_call_the_commands_of_the_readme(readme: str) -> None:
    commands = commands_of(readme)
    assert cron_command().removeprefix(f"cd {PLACE} && ") in commands
    service = unit("gouji.service")["Service"]
    assert service["WorkingDirectory"] == PLACE
    assert service["ExecStart"].removeprefix(f"{PLACE}/") in commands
    steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["build"]["steps"]
    called = [step["run"] for step in steps if "run" in step]
    assert called[0] == "make build"
    assert set(called) <= commands


def test_make_build_calls_it_too() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--assume-old", ".venv/project", "build"],
        cwd=ROOT,
        # one make within another says more
        env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == ".venv/bin/gouji build"


def test_the_workflow_runs_every_day_and_may_only_read() -> None:
    text = WORKFLOW.read_text("utf-8")
    workflow = yaml.safe_load(text)
    # YAML 1.1 takes the word `on` for true
    assert workflow[True]["schedule"] == [{"cron": "30 20 * * *"}]
    assert workflow["permissions"] == {"contents": "read"}


def test_the_units_are_sound(tmp_path: Path) -> None:
    """Where the project lies is put in as the documentation says."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed: the units are not verified")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "gouji").symlink_to("/bin/true")
    for path in UNITS:
        text = path.read_text("utf-8").replace(PLACE, str(tmp_path))
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / path.name for path in UNITS)],
        env=clean_environment() | {"SYSTEMD_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    when = unit("gouji.timer")["Timer"]["OnCalendar"]
    calendar = subprocess.run(
        ["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False
    )
    assert calendar.returncode == 0, calendar.stderr


@pytest.mark.parametrize("who", ["cron", "systemd"])
def test_the_command_runs_as_it_is_called(warehouse: Path, tmp_path: Path, who: str) -> None:
    """Over the real project, with no more environment than cron and systemd give."""
    if not (ROOT / ".venv" / "bin" / "gouji").exists():
        pytest.skip("there is no .venv: make build makes it")
    copy = tmp_path / "warehouse"
    shutil.copytree(warehouse.parent, copy, symlinks=True)
    before = (copy / "current").resolve()
    if who == "cron":
        command = ["/bin/sh", "-c", cron_command().replace(PLACE, shlex.quote(str(ROOT)))]
    else:
        command = shlex.split(
            unit("gouji.service")["Service"]["ExecStart"].replace(PLACE, str(ROOT))
        )
    done = subprocess.run(
        command,
        cwd="/" if who == "cron" else ROOT,
        env=ENVIRONMENT | {"GOUJI_WAREHOUSE": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing has changed since the build of " in done.stdout
    assert (copy / "current").resolve() == before
    assert [path.name for path in (copy / "builds").iterdir()] == [before.name]
