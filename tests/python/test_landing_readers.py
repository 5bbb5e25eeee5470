"""What each reader makes of a document around its cells, and what it says where it refuses."""

import io
import quopri
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips
from reportlab.pdfgen.canvas import Canvas

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.form import recognise
from gouji.landing.grid import Document, Refused, Table
from gouji.landing.markup import read_marked
from gouji.landing.number_formats import NotFollowed, show_number, show_text
from gouji.landing.read import read_document
from gouji.landing.read_html import read_html
from gouji.landing.shown import Doubt
from gouji.landing.vocabulary import Form, load_form
from landing_documents import flat, made_up, parts, write

ROOT = Path(__file__).parents[2]
TITLE = "吴忠市科学技术局2023年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def prose(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


# -- spreadsheets


def test_a_number_in_a_column_too_narrow_is_the_number_in_the_file() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "规章", 1234567
    sheet.column_dimensions["B"].width = 2
    file = io.BytesIO()
    workbook.save(file)
    (table,) = read_document(file.getvalue(), ".xlsx").tables
    assert (table.rows[0].texts[1], table.rows[0].flaws[1]) == ("1234567", "")


def test_rows_and_columns_that_are_not_seen_and_cells_centred_over_others() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["一", 1, 2, None], ["二", 3, 4, 5], ["三", 6, 7, 8]):
        sheet.append(row)
    sheet.row_dimensions[2].height = 0.75
    sheet.column_dimensions["B"].width = 0.1
    for place in ("C1", "D1"):
        sheet[place].alignment = openpyxl.styles.Alignment(horizontal="centerContinuous")
    file = io.BytesIO()
    workbook.save(file)
    (table,) = read_document(file.getvalue(), ".xlsx").tables
    assert [row.texts for row in table.rows] == [
        ("一", "2"),
        ("", "", ""),
        ("三", "7", "8"),
    ]
    assert table.rows[0].colspans == (1, 2)


# -- Word files


def _word_table(change: Callable[[docx.table.Table], None], *, is_struck: bool = False) -> Table:
    document = docx.Document()
    document.styles["Normal"].font.strike = is_struck
    table = document.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    change(table)
    file = io.BytesIO()
    document.save(file)
    return read_document(file.getvalue(), ".docx").tables[0]


def _of_height(twentieths: int) -> Callable[[docx.table.Table], None]:
    def change(table: docx.table.Table) -> None:
        table.rows[0].height = Twips(twentieths)
        table.rows[0].height_rule = WD_ROW_HEIGHT_RULE.EXACTLY

    return change


def _merged_as_by_old_programs(table: docx.table.Table) -> None:
    for cell, said in zip(table.rows[0].cells[1:], ("restart", "continue"), strict=True):
        merge = OxmlElement("w:hMerge")
        merge.set(qn("w:val"), said)
        cell._tc.get_or_add_tcPr().append(merge)


def test_rows_and_merges_of_word_files() -> None:
    assert [row.texts[0] for row in _word_table(_of_height(20)).rows] == ["3"]
    cut, whole = _word_table(_of_height(100)).rows
    assert set(cut.flaws) == {Doubt.OVER_EDGE}
    assert not any(whole.flaws)
    merged = _word_table(_merged_as_by_old_programs).rows[0]
    assert (merged.texts, merged.colspans) == (("0", "1 2"), (1, 2))
    struck = _word_table(lambda _: None, is_struck=True)
    assert all(flaw == Doubt.STRUCK for row in struck.rows for flaw in row.flaws)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1011, "General", "1011"),
        (1011000, "0,", "1011"),
        (12345678, '0!.0,"万"', "1234.6万"),
        (12345678, '#,##0.00"元"', "12,345,678.00元"),
        (10.11, "0%", "1011%"),
        (1011, ";;;", ""),
        (0, "0;-0;;@", ""),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "-"),
        (-5, "0", "-5"),
        (-5, "#,##0_);(#,##0)", "-5"),
        (-0.3, "0", "0"),
        (5, "000", "005"),
        (1.005, "0.00", "1.01"),
        (0.5, "#.##", ".5"),
        (99_999, '[>=10000]0.0,"千";0', "100.0千"),
        (12, "[$¥-804]#,##0.00", "¥12.00"),
        (12, 'G/通用格式"件"', "12件"),
    ],
)
def test_a_number_shows_as_its_format_says(value: float, code: str, shown: str) -> None:
    assert show_number(value, code) == shown


@pytest.mark.parametrize(
    "code", ["0;[Red]0", "[DBNum1]0", "0.00E+00", "# ?/?", "yyyy-mm-dd", "[h]:mm", '"', "0" * 300]
)
def test_a_format_that_cannot_be_followed_is_said(code: str) -> None:
    with pytest.raises(NotFollowed):
        show_number(-5, code)


def test_a_text_under_a_format() -> None:
    assert show_text("无", "0") == "无"
    assert show_text("无", ";;;") == ""
    assert show_text("5", '@"件"') == "5件"


# -- pages


def test_a_page_in_utf_16(form: Form) -> None:
    page = write(made_up(form, 3), form, "html", "clean").decode()
    whole = read_html(page.encode())
    for data in (page.encode("utf-16"), page.encode("utf-16-le"), page.encode("utf-16-be")):
        assert read_document(data, ".html").tables == whole.tables


def test_a_saved_page_with_frames() -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    page = "--b\nContent-Type: text/html; charset=utf-8\n\n<title>{}</title><p>{}</p>\n"
    frames = page.format("首页", "导航") + page.format("报告", TITLE) + "--b--\n"
    document = read_document(head + frames.encode(), ".mhtml")
    assert prose(document) == ["导航", TITLE]
    assert document.title == "首页"


def test_a_saved_page_begins_with_its_root() -> None:
    head = (
        b"MIME-Version: 1.0\nSnapshot-Content-Location: http://a/report.html\n"
        b"Content-Type: multipart/related; boundary=b; type=text/html\n\n"
    )
    frame = "--b\nContent-Type: text/html\nContent-Location: http://a/head.html\n\n<p>导航</p>\n"
    page = f"<title>报告</title><p>{TITLE}</p>".encode("gbk")
    root = (
        b"--b\nContent-Type: text/html; charset=gb2312\n"
        b"Content-Transfer-Encoding: quoted-printable\n"
        b"Content-Location: http://a/report.html\n\n" + quopri.encodestring(page) + b"\n--b--\n"
    )
    document = read_document(head + frame.encode() + root, ".mhtml")
    assert prose(document) == [TITLE, "导航"]
    assert document.title == "报告"


# -- text


def test_lines_of_pipes_without_outer_ones(form: Form) -> None:
    truth = made_up(form, 3)
    truth.disclosures = dict.fromkeys(truth.disclosures, "1")
    truth.requests = {line: ["2"] * 7 for line in truth.requests}
    truth.reviews = {line: ["3"] * 5 for line in truth.reviews}
    lines = [TITLE]
    for heading, grid in parts(truth, form, "clean"):
        lines += ["", heading, *(" | ".join(box.text for box in row) for row in grid)]
    reading = recognise(read_document("\n".join(lines).encode(), ".txt"), form)
    assert reading.marked() == 0
    assert {cell.printed for cell in reading.disclosures.values()} == {"1"}
    assert {cell.printed for line in reading.requests.values() for cell in line} == {"2"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_text_as_spreadsheets_copy_it_and_programs_draw_it(encoding: str, form: Form) -> None:
    truth = made_up(form, 3)
    sections = [flat(grid) for _, grid in parts(truth, form, "clean")]
    quoted = ["\t".join(f'"{c[:2]}\n{c[2:]}"' if len(c) > 9 else c for c in r) for r in sections[1]]
    lines = [truth.title, *("\t".join(row) for row in sections[0]), *quoted]
    copied = "\n".join([*lines, *("\t".join(f'"{cell}"' for cell in row) for row in sections[2])])
    drawn = "\n".join(
        [truth.title, *("│".join(["", *row, ""]) for rows in sections for row in ["┌─┐", *rows])]
    )
    for text in (copied, drawn):
        reading = recognise(read_document(text.encode(encoding), ".txt"), form)
        assert reading.marked() == 0
        assert {line: list(cells.printed) for line, cells in reading.requests.items()} == {
            line: cells for line, cells in truth.requests.items() if line in reading.requests
        }
        assert {key: cell.printed for key, cell in reading.disclosures.items()} == truth.disclosures


@pytest.mark.parametrize(
    "piece",
    ["-", "|", "[", "![", "~~", "<!--", "<a", "$", "^", "[^", "\\", "<", "[a](", "*", "_ ", "]("],
)
def test_markup_takes_no_longer_than_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            read_marked.__wrapped__(text)
            read_document(f"政府信息公开\n{text}x\n".encode(), ".txt")
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(40_000) < 50 * seconds(4_000) + 0.05


# -- titles and paragraphs


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "md"])
def test_a_title_in_the_table_is_prose_too(kind: str) -> None:
    rows = [[TITLE, "", "", ""], ["规章", "0", "0", "0"]]
    if kind == "html":
        cells = ["".join(f"<td>{text}</td>" for text in row) for row in rows]
        data = f"<table><tr>{'</tr><tr>'.join(cells)}</tr></table>".encode()
    elif kind == "md":
        data = "\n".join(f"| {' | '.join(row)} |" for row in [*rows, *rows[1:] * 2]).encode()
    elif kind == "docx":
        import docx  # noqa: PLC0415

        document, file = docx.Document(), io.BytesIO()
        table = document.add_table(2, 4)
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.save(file)
        data = file.getvalue()
    else:
        import openpyxl  # noqa: PLC0415

        workbook, file = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            workbook.worksheets[0].append([text or None for text in row])
        workbook.save(file)
        data = file.getvalue()
    assert prose(read_document(data, f".{kind}")).count(TITLE) == 1


def test_paragraphs_of_a_pdf_need_no_indent() -> None:
    file = io.BytesIO()
    pdf = Canvas(file)
    lines = [(40, 16, "A title that is set in larger letters"), (40, 10, "Firstly " * 10)]
    lines += [(40, 10, "and the rest of it, which ends here"), (40, 10, "Second, " * 10)]
    for number, (left, size, text) in enumerate(lines):
        pdf.setFont("Helvetica", size)
        pdf.drawString(left, 800 - 20 * number, text)
    pdf.save()
    first, second, third = prose(read_document(file.getvalue(), ".pdf"))
    assert first == "A title that is set in larger letters"
    assert second.endswith("ends here")
    assert third.startswith("Second")


# -- refusals say what is true, and what to do


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "suffix", "said"),
    [
        (packed("mimetype", "content.xml"), ".docx", "a damaged OpenDocument file"),
        (packed("OFD.xml", "Doc_0/Document.xml"), ".pdf", "a damaged OFD document"),
        (packed("ppt/presentation.xml"), ".docx", "a presentation"),
        (packed("a.html"), ".docx", "name it .zip"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ".docx", "locked with a password: open it"),
        (b"\xff\xfe" + b"\x00\xd8" * 9, ".html", "UTF-16 is damaged; save it in UTF-8"),
    ],
)
def test_a_refusal_is_true(data: bytes, suffix: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_document(data, suffix)
