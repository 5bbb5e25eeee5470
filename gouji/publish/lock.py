"""One build at a time in one warehouse, and one job at a time in any folder with such a lock."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gouji.errors import WrongCall

# How long the dbt of a killed build may take to notice and to let go of the lock.
SECONDS_TO_LET_GO = 20


@dataclass(frozen=True)
class Holder:
    """The build that holds a lock, as it wrote itself down."""

    pid: int
    since: str

    def __str__(self) -> str:
        """Which process it is, and whether it is only what a killed one left behind."""
        is_gone = "" if self.is_alive else ", was killed, and what it had started is still ending"
        return f"process {self.pid}, since {self.since}{is_gone}"

    @property
    def is_alive(self) -> bool:
        """Whether its process is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True


@contextmanager
def exclusive(lock: Path, job: str = "build") -> Iterator[int]:
    """Hold the lock file for as long as the block runs, and give its file descriptor.

    A process that inherits the descriptor holds the lock too: a build that is killed is followed
    by the next one only when its dbt has ended as well.

    Raises:
        WrongCall: another such job holds the lock.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(descriptor, lock, job)
        since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n{since}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def holder(lock: Path) -> Holder | None:
    """Say who holds the lock, if somebody does."""
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _try(descriptor) else _read(lock)
    finally:
        os.close(descriptor)


def _take(descriptor: int, lock: Path, job: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_LET_GO
    while not _try(descriptor):
        other = _read(lock)
        if (other and other.is_alive) or time.monotonic() > deadline:
            raise WrongCall(
                f"Another {job} is running in {lock.parent} ({other or 'another process'}):"
                " wait for it, or stop it."
            )
        time.sleep(0.1)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(lock: Path) -> Holder | None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return Holder(int(lines[0]), lines[1]) if len(lines) == 2 else None
