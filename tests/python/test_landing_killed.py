"""A landing of documents of all kinds, killed at random moments and done again, is one landing.

24 documents and 4 kills; 2,000 and 10 with `GOUJI_FULL_TESTS=1`.  Of 51 documents three are a PDF,
a Word and an Excel file: how a landing is killed does not hang on formats, and each of these takes
as long to read as ten pages, a PDF as sixty.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.act import JOURNAL, WAITING, settled
from gouji.landing.vocabulary import load_form
from landing_documents import STYLES, lone_counties, made_up, write

ROOT = Path(__file__).parents[2]
KINDS = ("pdf", "docx", "xlsx", *["html", "md", "txt"] * 16)
DOCUMENTS, KILLS = (2_000, 10) if os.environ.get("GOUJI_FULL_TESTS") else (24, 4)
LAND = [str(Path(sys.executable).with_name("gouji")), "land", "--new-agencies"]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of bodies that are not known, two of a body."""
    folder = tmp_path_factory.mktemp("documents")
    form = load_form(ROOT / "seeds" / "reference")
    known = [row["region_name"] for row in lone_counties(ROOT / "seeds" / "reference")]
    for number in range(DOCUMENTS):
        kind, style = KINDS[number % len(KINDS)], STYLES[number % len(STYLES)]
        truth = made_up(form, number)
        body, year = known[number // 2], 2022 + number % 2
        truth.title = f"{body}教育局{year}年政府信息公开工作年度报告"
        (folder / f"{truth.title}.{kind}").write_bytes(write(truth, form, kind, style, number))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "seeds" / "reference", folder / "seeds" / "reference")
    (folder / "dbt_project.yml").write_text("name: small\n", encoding="utf-8")
    return folder


def files(project: Path) -> dict[str, bytes]:
    """What a landing writes, without what waits."""
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and WAITING not in path.parts
    }


def land(project: Path, documents: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*LAND, str(documents), "--project", str(project)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def until_it_writes(landing: subprocess.Popen[bytes], project: Path, begun: float) -> None:
    """Wait until a landing that has begun then writes, beside what one before it left there."""

    def is_writing() -> bool:
        with suppress(FileNotFoundError):  # what waited has just been moved
            return any(path.stat().st_mtime > begun for path in waiting.iterdir())
        return False

    waiting = project / "seeds" / "raw" / WAITING
    while landing.poll() is None and not is_writing():
        time.sleep(0.001)


def test_killed_and_landed_again(
    documents: Path, project: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    untouched, bare = tmp_path / "untouched", tmp_path / "bare"
    shutil.copytree(project, untouched)
    shutil.copytree(project, bare)
    started, begun = time.monotonic(), time.time()
    landing = land(untouched, documents)
    until_it_writes(landing, untouched, begun)
    reading = time.monotonic() - started
    assert landing.wait() == 0
    seconds = time.monotonic() - started
    whole = files(untouched)
    assert whole["seeds/raw/raw_reports.csv"].count(b"\n") == DOCUMENTS + 1
    rnd = random.Random(DOCUMENTS)
    seen: list[dict[str, bytes]] = [files(project)]
    for kill in range(KILLS):
        begun = time.time()
        landing = land(project, documents)
        if kill % 2:  # among the writing, which is short, and what follows it
            until_it_writes(landing, project, begun)
            time.sleep(rnd.uniform(0, seconds - reading))
        else:
            time.sleep(rnd.uniform(0, seconds))
        with suppress(ProcessLookupError):  # it came to its end before
            os.killpg(landing.pid, signal.SIGKILL)
        landing.wait()
        with settled(project / "seeds" / "raw"):  # as a build does
            seen.append(files(project))
        if seen[-1] == whole and kill < KILLS - 1:  # it has happened: from the beginning again
            shutil.rmtree(project)
            shutil.copytree(bare, project)
    tell(f"{KILLS} kills: {seen.count(whole)} landings of {DOCUMENTS} documents had happened")
    assert land(project, documents).wait() == 0
    assert files(project) == whole
    # whoever looks between finds nothing of the landing, or all of it
    assert all(one in (seen[0], whole) for one in seen)
    assert not (project / "seeds" / "raw" / WAITING / JOURNAL).exists()
