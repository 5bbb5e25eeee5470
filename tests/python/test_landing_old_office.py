"""Old Office files: read through LibreOffice where it is installed, refused where it is not."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing import read_old_office
from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.land import LANDED, land_documents
from gouji.landing.read import read_document
from gouji.landing.read_old_office import convert, find_office
from gouji.landing.read_report import Options
from gouji.landing.store import RawTables
from gouji.landing.vocabulary import Form, load_form
from landing_documents import STYLES, THREE_REAL_REPORTS, Truth, read_truths, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
OLD_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000

needs_office = pytest.mark.skipif(
    not find_office(), reason="LibreOffice is not installed: no .doc file can be made or read"
)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    real = read_truths(ROOT / "seeds" / "raw")
    chosen = [real[name] for name in THREE_REAL_REPORTS]
    for year, truth in zip((2021, 2022, 2023), chosen, strict=True):
        truth.title = f"平潭综合实验区{year}年政府信息公开工作年度报告"
    return chosen


def written(
    truths: list[Truth], form: Form, kind: str, folder: Path, source_kind: str = "docx"
) -> list[Path]:
    """The reports as old files, a style each, written by LibreOffice from new ones."""
    sources = []
    for number, (truth, style) in enumerate(zip(truths, STYLES, strict=False)):
        source = folder / f"{number}.{source_kind}"
        source.write_bytes(write(truth, form, source_kind, style, number))
        sources.append(source)
    profile = (folder / "profile").as_uri()
    command = [find_office(), f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    command += [kind, "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for source in sources:
        source.unlink()
    return [source.with_suffix(f".{kind}") for source in sources]


def cells(truth: Truth) -> list[tuple[str, ...]]:
    rows = [(*key, text) for key, text in truth.disclosures.items()]
    for table in (truth.requests, truth.reviews):
        rows += [(line, *texts) for line, texts in table.items()]
    return sorted(rows)


@needs_office
def test_wps_files_land_as_they_were_written(
    truths: list[Truth], form: Form, tmp_path: Path
) -> None:
    """Through the whole landing: in a process of its own kind of bounds."""
    documents = tmp_path / "documents"
    documents.mkdir()
    paths = [  # as WPS Writer names them
        path.rename(path.with_suffix(".wps")) for path in written(truths, form, "doc", documents)
    ]
    tables = RawTables(tmp_path / "raw")
    results = land_documents(paths, tables, Options(REFERENCE), workers=1)
    assert [(result.status, result.cells_marked) for result in results] == [(LANDED, 0)] * 3
    for result, truth in zip(results, truths, strict=True):
        rows = tables.reports[result.report_id].rows
        names = ("raw_disclosures", "raw_requests", "raw_reviews")
        assert sorted(row for name in names for row in rows[name]) == cells(truth)
        assert "converted by LibreOffice from an old Office file" in result.notes


@needs_office
def test_rtf_files_are_read(truths: list[Truth], form: Form, tmp_path: Path) -> None:
    (path,) = written(truths[:1], form, "rtf", tmp_path)
    reading = recognise(read_document(path.read_bytes(), ".rtf"), form)
    assert {key: cell.printed for key, cell in reading.disclosures.items()} == (
        truths[0].disclosures
    )
    requests = {line: [cell.printed for cell in row] for line, row in reading.requests.items()}
    assert requests == truths[0].requests


@needs_office
def test_et_files_are_read(truths: list[Truth], form: Form, tmp_path: Path) -> None:
    (path,) = written(truths[:1], form, "xls", tmp_path, "xlsx")
    reading = recognise(read_document(path.read_bytes(), ".et"), form)
    rows = [(*key, cell.printed) for key, cell in reading.disclosures.items()]
    for table in (reading.requests, reading.reviews):
        rows += [(line, *row.printed) for line, row in table.items()]
    assert sorted(rows) == cells(truths[0])


@needs_office
def test_a_damaged_old_file_is_refused(form: Form) -> None:
    with pytest.raises(Refused):
        recognise(read_document(OLD_FILE, ".doc"), form)


def test_without_libreoffice_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="needs LibreOffice: install it, or save the file as"):
        convert(OLD_FILE)


def test_a_conversion_that_hangs_is_killed_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "soffice"
    office.write_text(
        f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nwait\n", encoding="utf-8"
    )
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(read_old_office, "CONVERSION_SECONDS", 1)
    with pytest.raises(Refused, match="more than 1 seconds"):
        convert(OLD_FILE)
    child = int((tmp_path / "child").read_text(encoding="ascii"))
    for _ in range(50):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert not is_running(child)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] != "Z"
