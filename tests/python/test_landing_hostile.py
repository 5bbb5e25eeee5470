"""Hostile input is refused with a reason, in bounded time and memory, and touches nothing."""

import io
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.find import find_documents
from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.land import LANDED, REFUSED, land_documents
from gouji.landing.read import MAX_FILE_BYTES, read_bytes, read_document
from gouji.landing.read_report import Options
from gouji.landing.store import RawTables
from gouji.landing.vocabulary import Form, load_form
from landing_documents import made_up, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
SECONDS = 10
TITLE = "吴忠市科学技术局2023年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


@pytest.fixture
def page(form: Form) -> str:
    truth = made_up(form, 3)
    truth.title = TITLE
    return write(truth, form, "html", "clean").decode()


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refused(data: bytes, suffix: str, form: Form, match: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused, match=match):
        recognise(read_document(data, suffix), form)
    assert time.process_time() - started < SECONDS


def test_span_of_a_billion_columns(form: Form, page: str) -> None:
    wide = page.replace('colspan="3"', 'colspan="1000000000"', 1)
    refused(wide.encode(), ".html", form, "spans")
    wide = page.replace("<td>", '<td rowspan="99999999999999999999">', 1)
    refused(wide.encode(), ".html", form, "spans")


def test_many_spans_in_a_row(form: Form) -> None:
    row = "<tr>" + '<td colspan="900">0</td>' * 2000 + "</tr>"
    page = f"<table><tr><td>规章</td></tr>{row * 50}</table>"
    refused(page.encode(), ".html", form, "columns")


def test_zip_bomb(form: Form) -> None:
    bomb = packed({"word/document.xml": b"<w:document>" + b" " * 300_000_000})
    assert len(bomb) < 1_000_000
    refused(bomb, ".docx", form, "zip bomb")
    many = packed({f"xl/{number}.xml": b"0" for number in range(6000)})
    refused(many, ".xlsx", form, "6000 files")


def test_zip_that_lies_about_its_size(form: Form) -> None:
    data = bytearray(packed({"word/document.xml": b"0" * 70_000_000}))
    size = (70_000_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (10).to_bytes(4, "little")
    refused(bytes(data), ".docx", form, "zip bomb|damaged")


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml"])
def test_entity_bomb(form: Form, name: str) -> None:
    levels = "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' if i else '<!ENTITY l0 "0000000000">'
        for i in range(12)
    )
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [{levels}]><d>&l11;</d>'.encode()
    refused(packed({name: bomb}), ".docx", form, "entities")


def test_entity_bomb_in_a_page(form: Form) -> None:
    levels = "".join(f'<!ENTITY l{i} "&l{i - 1};&l{i - 1};&l{i - 1};">' for i in range(1, 40))
    page = f"<!DOCTYPE html [{levels}]><html><body><table><tr><td>&l39;</td></tr></table></body>"
    refused(page.encode(), ".html", form, "no table")


def test_file_that_a_page_names_is_not_read(form: Form, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("规章", encoding="utf-8")
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body>'
        "<table><tr><td>&x;</td></tr></table></body></html>"
    )
    refused(page.encode(), ".html", form, "no table")


def test_characters_that_mark_cells_inside(form: Form, page: str) -> None:
    whole = recognise(read_document(page.encode(), ".html"), form)
    for mark in ("&#xE005;", "&#57349;", "&#x0e006", "\ue008", "\ue001"):
        spoilt = page.replace("<p>0</p>", f"<p>{mark}0{mark}</p>")
        reading = recognise(read_document(spoilt.encode(), ".html"), form)
        assert reading.disclosures.keys() == whole.disclosures.keys()
        assert [c.printed for *_, c in reading.cells()] == [c.printed for *_, c in whole.cells()]


def test_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # sparse: 2 GB that take no room
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="MB large"):
        read_bytes(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    assert MAX_FILE_BYTES < 100_000_000


def test_pipe_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "pipe.html"
    os.mkfifo(path)
    with pytest.raises(Refused, match="no plain file"):
        read_bytes(path)


def test_paths_out_of_the_folder(form: Form, tmp_path: Path, page: str) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text(page, encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.html").symlink_to(outside)
    found = find_documents([str(folder)])
    assert not found.documents
    assert "leads out of the folder" in found.left_aside[0].reason
    refused(packed({"../../word/document.xml": b"<w/>"}), ".docx", form, "leads outside")


def test_nul_bytes(form: Form, page: str) -> None:
    refused(page.replace("规章", "规\x00章", 1).encode(), ".html", form, "NUL")
    refused("规章\x000\t0".encode(), ".txt", form, "NUL")


def test_endless_nesting(form: Form) -> None:
    for tag in ("div", "table><tr><td", "span", "p><b"):
        page = f"<html><body>{f'<{tag}>' * 200_000}规章</body></html>"
        refused(page.encode(), ".html", form, ".")


def test_endless_tags_and_attributes(form: Form) -> None:
    refused(("<td " + "a=1 " * 500_000 + ">").encode(), ".html", form, ".")
    refused(("<" * 1_000_000 + "规章").encode(), ".html", form, ".")
    refused(("<table>" + "<tr><td>规章" * 100_000).encode(), ".html", form, ".")
    refused(("规章|" * 500_000).encode(), ".txt", form, ".")
    refused(("  规章  0" * 200_000).encode(), ".txt", form, ".")
    refused(("1" * 5_000_000).encode(), ".txt", form, ".")
    refused(("收到" * 300_000 + "\n规章\t0").encode(), ".txt", form, ".")


def test_formula_in_a_cell(form: Form) -> None:
    truth = made_up(form, 3)
    data = write(truth, form, "xlsx", "clean")
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    sheet = workbook.worksheets[1]
    changed = next(row for row in sheet.iter_rows() if row[0].value and "新收" in row[0].value)
    changed[9].value = '=HYPERLINK("http://example.org","9")'
    file = io.BytesIO()
    workbook.save(file)
    reading = recognise(read_document(file.getvalue(), ".xlsx"), form)
    *_, total = reading.requests["new_requests"]
    assert total.mark  # no result of it is in the file: never worked out here, never guessed
    assert total.printed == "?"


def test_text_of_a_document_stays_text(form: Form, page: str) -> None:
    evil = "=cmd|'/C calc'!A0"
    script = "<script>alert(1)</script>"
    spoilt = page.replace("<p>0</p>", f"<p>{evil.replace('|', '&#124;')}</p>", 1)
    spoilt = spoilt.replace("</body>", f"{script}</body>")
    reading = recognise(read_document(spoilt.encode(), ".html"), form)
    texts = [cell.printed for *_, cell in reading.cells()]
    assert not any("alert" in text for text in texts)
    assert any("is no number" in note or "no value" in note for note in reading.notes) or any(
        cell.mark for *_, cell in reading.cells()
    )


def test_damaged_office_and_pdf_files(form: Form) -> None:
    truth = made_up(form, 4)
    for kind in ("docx", "xlsx", "pdf"):
        whole = write(truth, form, kind, "clean")
        for cut in (10, 100, len(whole) // 2, len(whole) - 30):
            started = time.process_time()
            try:
                reading = recognise(read_document(whole[:cut], f".{kind}"), form)
            except Refused:
                pass
            else:
                assert reading.held() - reading.marked() > 0
            assert time.process_time() - started < SECONDS


def test_scan_is_refused_as_a_scan(form: Form) -> None:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    image = pytest.importorskip("PIL.Image").new("L", (60, 80), 200)
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415

    file = io.BytesIO()
    canvas = Canvas(file)
    for _ in range(3):
        canvas.drawImage(ImageReader(image), 0, 0, 590, 840)
        canvas.showPage()
    canvas.save()
    refused(file.getvalue(), ".pdf", form, "it is a scan")


def test_a_bad_document_stops_no_other(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.html").write_bytes(b"\x00\x01")
    (folder / "b.html").write_text(page, encoding="utf-8")
    (folder / "c.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "d.pdf").write_bytes(b"%PDF-1.4 broken")
    documents = find_documents([str(folder)]).documents
    raw = tmp_path / "raw"
    results = land_documents(documents, RawTables(raw), Options(REFERENCE), workers=2)
    assert [result.status for result in results] == [REFUSED, LANDED, REFUSED, REFUSED]
    assert all(result.reason for result in results if result.status == REFUSED)


def test_names_and_links_that_stop_no_other(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    named = os.fsencode(folder) + b"/2023\xc4\xea\xb1\xa8.html"  # 年报 as Chinese Windows packs it
    Path(os.fsdecode(named)).write_text(page, encoding="utf-8")
    (folder / "a.html").symlink_to("b.html")
    (folder / "b.html").symlink_to("a.html")
    (folder / "gone.html").symlink_to("nothing.html")
    raw = tmp_path / "raw"
    for names in ([str(folder)], [str(path) for path in folder.iterdir()]):
        documents = find_documents(names).documents
        results = land_documents(documents, RawTables(raw), Options(REFERENCE), workers=1)
        refused_ones = {Path(one.document).name for one in results if one.status == REFUSED}
        assert refused_ones == {"a.html", "b.html", "gone.html"}
    (report,) = RawTables(raw).reports.values()
    assert report.row["source_document"] == "2023年报.html"


def test_kinds_that_are_not_read_are_named(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    names = ["notes.bin", "信息公开年报.gif", "report.caj", "a.xlsb", "a.tar.gz", "a.eml"]
    names += [".2023年报.html", "._2023年报.html", ".index.html"]
    for name in names:
        (folder / name).write_bytes(b"PK")
    (tmp_path / "elsewhere").mkdir()
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "itself").symlink_to(folder)
    left_aside = {one.path.name: one for one in find_documents([str(folder)]).left_aside}
    assert {name for name, one in left_aside.items() if one.may_be_report} == {
        "信息公开年报.gif",
        "report.caj",
        "a.xlsb",
        "a.tar.gz",
        "a.eml",
        ".2023年报.html",
    }
    assert "are not read" in left_aside["notes.bin"].reason
    for link in ("linked", "itself"):
        assert "a link to a folder" in left_aside[link].reason


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        (b"\x1f\x8b\x08\0", "gzip"),
    ],
)
@pytest.mark.parametrize("suffix", [".zip", ".rar", ".html"])
def test_an_archive_of_another_kind_is_called_one(
    data: bytes, kind: str, suffix: str, form: Form
) -> None:
    refused(data * 20, suffix, form, f"it is a {kind} archive, which is not read: unpack it")


SLOW = """
import sys, time
from pathlib import Path
from gouji.landing import land, read_report
from gouji.landing.store import RawTables

def slow(data, suffix):
    time.sleep(60) if b"slow" in data else None
    if b"dies" in data:
        import os; os._exit(9)
    if b"eats" in data:
        return bytearray(20 << 30)
    return read(data, suffix)

read, read_report.read_document = read_report.read_document, slow
folder = Path(sys.argv[1])
paths = sorted(folder.iterdir())
options = read_report.Options(Path(sys.argv[2]), seconds=2)
for result in land.land_documents(paths, RawTables(folder.parent / "raw"), options, workers=2):
    print(result.status, result.reason)
"""


def test_a_document_that_hangs_dies_or_eats_memory(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("dies", "eats", "slow"):
        (folder / f"{name}.html").write_text(name, encoding="utf-8")
    (folder / "well.html").write_text(page, encoding="utf-8")
    started = time.process_time()
    done = subprocess.run(
        [sys.executable, "-c", SLOW, str(folder), str(REFERENCE)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    lines = done.stdout.splitlines()
    said = ("refused reading it brought its process down", "refused it needs more memory")
    said += ("refused reading it took more than 2 seconds", "landed")
    assert [line.startswith(begin) for line, begin in zip(lines, said, strict=True)] == [True] * 4
    assert time.process_time() - started < 30
