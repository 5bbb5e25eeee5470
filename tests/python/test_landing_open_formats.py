"""Reports in the formats of open standards, and in archives, land as they were written."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import landing_open_formats as written
from gouji.landing import archives
from gouji.landing.find import find_documents
from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.land import LANDED, land_documents
from gouji.landing.read import read_bytes, read_document
from gouji.landing.read_report import Options
from gouji.landing.store import RawTables
from gouji.landing.vocabulary import Form, load_form
from landing_documents import THREE_REAL_REPORTS, Truth, made_up, parts, read_truths, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
WRITERS = {
    ".odt": written.report_odt,
    ".ods": written.report_ods,
    ".ofd": written.report_ofd,
}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    """Three real reports, those that are read as scans too, and two of the form before."""
    real = read_truths(ROOT / "seeds" / "raw")
    before = [name for name, truth in real.items() if truth.layout == "2019"]
    return [real[name] for name in (*THREE_REAL_REPORTS, *before[:2])]


def cells(truth: Truth) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {
        ("disclosures", *key): (text,) for key, text in truth.disclosures.items()
    }
    for name, table in (("requests", truth.requests), ("reviews", truth.reviews)):
        found |= {(name, line): tuple(texts) for line, texts in table.items()}
    return found


def read(data: bytes, suffix: str, form: Form) -> dict[tuple[str, ...], tuple[str, ...]]:
    reading = recognise(read_document(data, suffix), form)
    found: dict[tuple[str, ...], tuple[str, ...]] = {
        ("disclosures", *key): (cell.printed,) for key, cell in reading.disclosures.items()
    }
    for name, table in (("requests", reading.requests), ("reviews", reading.reviews)):
        found |= {(name, line): row.printed for line, row in table.items()}
    return found


@pytest.mark.parametrize("suffix", WRITERS)
def test_real_reports_land_as_they_were_written(
    suffix: str, truths: list[Truth], form: Form
) -> None:
    for truth in truths:
        data = WRITERS[suffix](truth.title, parts(truth, form, "clean"))
        assert read(data, suffix, form) == cells(truth)


@pytest.mark.parametrize("suffix", [".odt", ".ofd"])
def test_a_damaged_file_is_refused_or_read_right(
    suffix: str, truths: list[Truth], form: Form
) -> None:
    whole = WRITERS[suffix](truths[0].title, parts(truths[0], form, "clean"))
    right = cells(truths[0])
    for cut in range(100, len(whole), len(whole) // 8):
        for data in (whole[:cut], whole[:cut] + b"\0" * 40 + whole[cut + 40 :]):
            try:
                found = read(data, suffix, form)
            except Refused:
                continue
            for key, row in found.items():
                pairs = zip(row, right[key], strict=True)
                assert all(text in ("?", wanted) for text, wanted in pairs)


def page_of(form: Form, seed: int, year: int) -> bytes:
    truth = made_up(form, seed)
    truth.title = f"平潭综合实验区{year}年政府信息公开工作年度报告"
    return write(truth, form, "html", "clean", seed)


@pytest.fixture
def archive(tmp_path: Path, form: Form) -> Path:
    """An archive as Chinese Windows packs it: names in GB 18030 that the file says nothing of."""
    path = tmp_path / "年报.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("folder/XXXXXXXX.html", page_of(form, 3, 2022))
        packed.writestr("b.html", page_of(form, 4, 2023))
        packed.writestr("__MACOSX/b.html", b"x")
        packed.writestr("notes.bin", b"x")
        packed.writestr("more.zip", b"PK")
    data = path.read_bytes().replace(b"XXXXXXXX", "平潭年报".encode("gbk"))
    path.write_bytes(data)
    return path


def test_each_document_of_an_archive_lands(archive: Path) -> None:
    found = find_documents([str(archive.parent)])
    assert [archives.name_of(path) for path in found.documents] == [
        "年报.zip/b.html",
        "年报.zip/folder/平潭年报.html",
    ]
    assert {one.path.name: one.may_be_report for one in found.left_aside} == {
        "more.zip": True,
        "notes.bin": False,
    }
    tables = RawTables(archive.parent / "raw")
    results = land_documents(found.documents, tables, Options(REFERENCE), workers=1)
    assert [result.status for result in results] == [LANDED] * 2
    sources = {report.row["source_document"] for report in tables.reports.values()}
    assert sources == {"年报.zip/b.html", "年报.zip/folder/平潭年报.html"}
    assert sorted(path.name for path in archive.parent.iterdir()) == ["raw", "年报.zip"]


def test_the_directory_of_an_archive_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But anew where another file has taken its place."""
    path, read_anew = tmp_path / "a.zip", []
    opened = zipfile.ZipFile
    for content in (b"1", b"22"):
        with opened(path, "w") as packed:
            for number in range(9):
                packed.writestr(f"{number}.html", content)
        members = list(archives.members(path))
        monkeypatch.setattr(
            archives.zipfile, "ZipFile", lambda one: read_anew.append(one) or opened(one)
        )
        assert [archives.read_member(one, 9) for one in members] == [content] * 9
        monkeypatch.undo()
    assert read_anew == [path, path]


def _locked(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + place] |= 1
    path.write_bytes(data)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.html", b"0" * 70_000_000)


@pytest.mark.parametrize(
    ("spoil", "said"), [(_locked, "locked with a password"), (_bomb, "unpacks to more than 60 MB")]
)
def test_what_an_archive_holds_is_bounded(
    spoil: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.html", b"<p>x</p>")
    spoil(path)
    (member,) = find_documents([str(path)]).documents
    with pytest.raises(Refused, match=said):
        read_bytes(member)


@pytest.mark.parametrize("names", [("../a.html",), ("/a.html",), ("a.html", "a.html")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_names_that_mislead_is_left_aside(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, b"<p>x</p>")
    found = find_documents([str(path)])
    assert not found.documents
    assert [one.may_be_report for one in found.left_aside] == [True]
