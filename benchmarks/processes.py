"""Running a step in a process of its own, with its time and the memory of its whole tree."""

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from gouji.errors import ToolFailed

PROC = Path("/proc")
SECONDS_BETWEEN_LOOKS = 0.05
LINES_SHOWN = 15


@dataclass(frozen=True)
class Run:
    """How long a command took, and the most memory (bytes) that it and its children held at once.

    `processor` is the time (seconds) that its processes were running, on all cores together: on a
    busy machine it is the fairer measure. The memory is what is resident, pages that processes
    share counted in each; 0 where the system has no /proc.
    """

    seconds: float
    processor: float
    peak_bytes: int
    output: str


def run(command: list[str], *, folder: Path, log: Path, settings: dict[str, str]) -> Run:
    """Run a command to its end.

    Raises:
        ToolFailed: it failed; the sentence quotes the end of what it said.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        used = _processor_seconds()
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        watcher = Watcher(process.pid)
        watcher.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
        watcher.stop()
    if process.returncode:
        lines = (output + log.read_bytes()).decode(errors="replace").splitlines()[-LINES_SHOWN:]
        raise ToolFailed(f"{' '.join(command[:6])} … failed (see {log}):\n" + "\n".join(lines))
    return Run(seconds, _processor_seconds() - used, watcher.peak, output.decode())


def _processor_seconds() -> float:
    """The processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watcher(threading.Thread):
    """Looks at the memory of a process tree again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Look until it is told to stop."""
        while not self.ended.wait(SECONDS_BETWEEN_LOOKS):
            self.peak = max(self.peak, resident_bytes(self.pid))

    def stop(self) -> None:
        """Look no more."""
        self.ended.set()
        self.join()


def resident_bytes(root: int) -> int:
    """The resident memory of a process and of all below it."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # After the name in brackets: state, parent, and 20 fields on the resident pages.
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        parents[int(folder.name)] = int(fields[1])
        pages[int(folder.name)] = int(fields[21])
    tree = {root}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in tree} - tree
        tree |= more
        grown = bool(more)
    return sum(pages.get(pid, 0) for pid in tree) * os.sysconf("SC_PAGE_SIZE")
