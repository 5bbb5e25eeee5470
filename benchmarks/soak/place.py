"""A small project, with the disk that it lies on, its clock, and how its commands are run."""

from __future__ import annotations

import csv
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import yaml

from gouji.paths import Project, Warehouse
from gouji.publish.inputs import copy_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
# Seeds of which only the head is kept: what they say is of reports that are not here.
EMPTIED = ("raw", "stewardship")
# Regions are kept where bodies of the soak or of the project lie, with all above them.
REGION_SEEDS = ("regions", "region_latin_names")
DISK_BYTES = 2 << 30
FAKETIME = "faketime"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said; no exit code if it was killed."""

    exit_code: int | None
    said: str
    seconds: float


@dataclass(frozen=True)
class Place:
    """A folder with the project, its warehouse and the documents; `is_disk` if it is a tmpfs."""

    root: Path
    is_disk: bool

    @property
    def project(self) -> Path:
        """The copy of the project."""
        return self.root / "project"

    @property
    def seeds(self) -> Path:
        """Its seeds."""
        return self.project / "seeds"

    @property
    def warehouse(self) -> Warehouse:
        """Its warehouse."""
        return Warehouse(self.project / "warehouse")

    @property
    def documents(self) -> Path:
        """The documents that are landed."""
        return self.root / "documents"

    def run(
        self,
        *arguments: str | Path,
        kill_after: float | None = None,
        kill_at: str = "",
        days_back: int = 0,
        file_bytes: int | None = None,
    ) -> Done:
        """Run `gouji`, to its end or until its process group is killed.

        Args:
            arguments: the command and its options.
            kill_after: kill it after so many seconds, counted from the line `kill_at`.
            kill_at: text of a line that it writes; from the start if not given.
            days_back: set its clock back.
            file_bytes: the longest file that it may write.
        """
        command = [sys.executable, "-m", "gouji.cli", *map(str, arguments)]
        environment = {name: text for name, text in os.environ.items() if name[:6] != "GOUJI_"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        if days_back and shutil.which(FAKETIME):
            command = [FAKETIME, "-m", "-f", f"-{days_back}d", *command]
            # files keep the times that the disk gives them, ahead of the clock
            environment |= {"NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        elif days_back:
            environment["SOURCE_DATE_EPOCH"] = str(int(time.time()) - days_back * 86_400)

        def limit() -> None:
            if file_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

        began = time.monotonic()
        with (
            # not on the disk that may be full
            NamedTemporaryFile(prefix="gouji-soak-") as said,
            subprocess.Popen(
                command,
                cwd=self.project,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=limit,  # noqa: PLW1509 - this process has one thread
            ) as process,
        ):
            out = Path(said.name)
            was_killed = kill_after is not None and _kill(process, out, kill_after, kill_at)
            code = process.wait()
            text = out.read_text(encoding="utf-8", errors="replace")
        return Done(None if was_killed else code, text, time.monotonic() - began)

    @contextmanager
    def full_disk(self, room: int) -> Iterator[None]:
        """Leave so many bytes of the disk free, for the block."""
        ballast = self.root / "ballast"
        free = shutil.disk_usage(self.root).free
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - room))
        try:
            yield
        finally:
            ballast.unlink()


def _kill(process: subprocess.Popen[bytes], out: Path, after: float, line: str) -> bool:
    """Kill a process group at its moment; false if it came to its end before."""
    while line and process.poll() is None and line not in out.read_text("utf-8", "replace"):
        time.sleep(0.005)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
        return False
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """Mount a small tmpfs on a folder, for the block, and say whether that could be done."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "gouji-soak", str(folder)]
    is_disk = (
        bool(shutil.which("mount"))
        and not subprocess.run(mount, capture_output=True, check=False).returncode
    )
    try:
        yield is_disk
    finally:
        if is_disk:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def make(place: Place, bodies: list[dict[str, str]]) -> None:
    """Copy the project with no report in it, and with few regions.

    dbt's tests of columns are left out: they are of the models, not of how builds follow each
    other, and are two thirds of what dbt does. The tests of rows and the audit stay.
    """
    copy_project(Project(ROOT), place.project)
    place.documents.mkdir()
    for folder in EMPTIED:
        for seed in (place.seeds / folder).glob("*.csv"):
            keep_rows(seed, lambda _: False)
    with (place.seeds / "reference/agencies.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["region_code"] for row in (*csv.DictReader(file), *bodies)}
    codes |= {f"{code[:4]}00" for code in codes}
    for name in REGION_SEEDS:
        keep_rows(
            place.seeds / f"reference/{name}.csv",
            lambda row: row["region_code"] in codes or row["region_code"].endswith("0000"),
        )
    file_ = place.project / "dbt_project.yml"
    settings = yaml.safe_load(file_.read_text(encoding="utf-8"))
    settings["data_tests"]["gouji"] |= {"+enabled": False, "singular": {"+enabled": True}}
    file_.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")


def keep_rows(seed: Path, is_kept: Callable[[dict[str, str]], bool]) -> None:
    """Take the other rows out of a seed."""
    with seed.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        columns = list(rows.fieldnames or ())
        kept = [row for row in rows if is_kept(row)]
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
