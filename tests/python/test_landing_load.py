"""Large loads: a batch gives its documents their time, and a reading process stays as it was."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing import processes
from gouji.landing.read_report import COLLECT_AFTER, Options, Read
from gouji.landing.vocabulary import load_form
from landing_documents import STYLES, made_up, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
DOCUMENTS = 96  # read by one process; the first third fills what it keeps
GROWTH = 0.25  # megabytes a document at most; trees that are not cleared away take more than 5

READ = """
import sys
from pathlib import Path
from gouji.landing import processes, read_report

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

reference, folder, count, read_report.COLLECT_AFTER = *sys.argv[1:3], *map(int, sys.argv[3:])
paths = sorted(map(str, Path(folder).iterdir()))
processes._begin(read_report.Options(Path(reference)), frozenset())
for number in range(count):
    if number == count // 3:
        before = megabytes()
    assert read_report.read_one(paths[number % len(paths)]).report
print((megabytes() - before) / (count - count // 3))
"""


def growth(folder: Path, count: int, collect_after: int) -> float:
    """By how many megabytes a document the memory of a process grows that reads so many."""
    done = subprocess.run(
        [sys.executable, "-c", READ, *map(str, (REFERENCE, folder, count, collect_after))],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return float(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells its memory so")
@pytest.mark.parametrize("kind", ["html", "docx", "xlsx"])
def test_memory_stays_flat(kind: str, tmp_path: Path) -> None:
    """Word files are the hard ones; without clearing away they must show in this measure."""
    form = load_form(REFERENCE)
    for number in range(4):
        truth = made_up(form, number)
        truth.title = "宿迁市人民政府2023年政府信息公开工作年度报告"
        style = STYLES[number % len(STYLES)]
        (tmp_path / f"{number}.{kind}").write_bytes(write(truth, form, kind, style, number))
    assert growth(tmp_path, DOCUMENTS, COLLECT_AFTER) < GROWTH
    if kind == "docx":
        assert growth(tmp_path, DOCUMENTS, DOCUMENTS + 1) > 4 * GROWTH


def test_a_batch_begins_what_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, processes.SECONDS_A_BATCH - 1, processes.SECONDS_A_BATCH + 1])
    monkeypatch.setattr(
        processes.time, "monotonic", lambda: next(now, processes.SECONDS_A_BATCH + 2)
    )
    monkeypatch.setattr(processes, "read_one", Read)
    assert [one.path for one in processes.read_many(list("abcde"))] == ["a", "b", "c"]


@pytest.mark.parametrize("seconds", [-1.0, processes.SECONDS_A_BATCH])
def test_what_a_batch_leaves_is_read(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Each document once, whether a batch has time for one or for all."""
    monkeypatch.setattr(processes, "SECONDS_A_BATCH", seconds)
    monkeypatch.setattr(processes, "read_one", Read)
    monkeypatch.setattr(processes, "_begin", lambda *_: None)
    paths = [Path(f"{number}.html") for number in range(processes.BATCH * 8 + 3)]
    read: list[str] = []
    processes.read_all(
        paths,
        Options(REFERENCE, seconds=30 + abs(seconds)),
        frozenset(),
        workers=2,
        on_done=lambda one: read.append(one.path),
    )
    assert sorted(read) == sorted(map(str, paths))
