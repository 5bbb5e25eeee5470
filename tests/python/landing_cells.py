"""Writes a table in each format, a row for each kind of thing that programs put into cells.

A row is the name of the kind, the cell in question, and a plain 3.  What a person reads of the
cell is 12 wherever something beside it is to be left out.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import reportlab
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Font, PatternFill, Side
from PIL import Image
from reportlab.lib.colors import CMYKColorSep, Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFCatalog,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFResourceDictionary,
    PDFString,
)
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PROSE = "政府信息公开"

# -- HTML

CLIPPED = (  # what a person does not see of a page
    "position:absolute;clip:rect(0 0 0 0)",
    "clip-path:inset(50%)",
    "display:inline-block;transform:scale(0)",
    "position:absolute;right:-9999px",
    "display:block;margin-left:-9999px",
    "filter:opacity(0)",
    "display:inline-block;content-visibility:hidden",
    "-webkit-text-fill-color:transparent",
    "position:fixed;top:-200em",
    "display:inline-block;transform:translateX(-9999px)",
    "display:inline-block;transform:rotateY(90deg)",
    "opacity:.01",
)
HTML = {
    "note": "12<sup>1</sup>",
    "note sign": "12①₂",
    "struck": "<s>9</s>9̶12",
    "only struck": "<s>9</s>",
    "deleted": "<del>9</del><ins>12</ins>",
    "hidden": "<span style='display:none'>9</span><i hidden>9</i><b class=off>9</b>"
    "<span style='DISPLAY:/*x*/NONE ! important'>9</span><b class=on>1</b>2",
    "clipped": "".join(f"<span style='{style}'>9</span>" for style in CLIPPED) + "12",
    "closed": "<datalist><option>9</datalist><dialog>9</dialog><div popover>9</div>12",
    "tiny": "<span style='font-size:0'>9</span><span style='font:0/0 a'>9</span>12",
    "faint": "<span style='color:#ffffff'>9</span>12",
    "fraction": "<sup>1</sup>/<sub>2</sub>",
    "turned": "<span style='unicode-bidi:bidi-override;direction:rtl'>21</span>",
    "on its head": "<span style='display:inline-block;transform:rotate(180deg)'>9</span>",
    "masked": "<span style='clip-path:polygon(0 0,0 0,0 0)'>9</span>12",
    "moved": "<b style='float:right'>2</b><b>1</b>",
    "styled": "<span style='mix-blend-mode:screen'>9</span>12",
    "symbol font": "<span style='font-family:Wingdings'>9</span>",
    "two lines": "<h4>1</h4><h4><b style='display:block'>2</b></h4>",
    "link": "<a href='#n9' title=9>12</a>",
    "ruby": "<ruby>12<rt>9</rt></ruby>",
    "minus": "&#8209;2",
    "thin space": "1&#8201;036",
    "picture": "<img src=a.png>",
    "field": "<input value=12>",
    "nested": "<table><tr><td>12</td></tr></table>",
    "equation": "<math><mn>12</mn></math>",
    "symbol": "&#xE123;",
    "counted": "<ol><li></ol>",
}


def write_html() -> bytes:
    rows = "".join(f"<tr><td>{k}</td><td>{c}</td><td>3</td></tr>" for k, c in HTML.items())
    style = "<style>@media screen { td .off { display: none } }</style>"
    style += "<style media='print'>td .on { display: none }</style>"
    return f"<html><head>{style}</head><p>{PROSE}</p><table>{rows}</table></html>".encode()


def write_mhtml() -> bytes:
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
    frame = "--b\nContent-Type: text/html; charset=utf-8\n\n<p>首页</p>\n"
    page = write_html().replace(b"<style>@media screen { td .off { display: none } }</style>", b"")
    sheet = "--b\nContent-Type: text/css\n\n.off { visibility: hidden }\n--b--\n"
    main = b"--b\nContent-Type: text/html; charset=utf-8\n\n" + page
    return (head + frame).encode() + main + b"\n" + sheet.encode()


# -- Markdown

MARKDOWN = {
    "note": "12[^1]",
    "note sign": "12①",
    "struck": "~~9~~9̶12",
    "only struck": "~~9~~",
    "deleted": "<del>9</del><ins>12</ins>",
    "hidden": "<!-- 9 --><span hidden>9</span>12",
    "tiny": "<span style='font-size:0'>9</span>12",
    "faint": "<font color=white>9</font>12",
    "two lines": "1<br>2",
    "link": "*[1](a/(9).html '9')*[2][9]",
    "ruby": "<ruby>12<rt>9</rt></ruby>",
    "minus": "\u20112",
    "thin space": "1\u2009036",
    "picture": "![12](a.png)",
    "field": "<input value=12>",
    "equation": "$12$",
    "symbol": "\ue123",
}


def write_md() -> bytes:
    rows = "\n".join(f"| {kind} | {cell} | 3 |" for kind, cell in MARKDOWN.items())
    return f"# {PROSE}\n\n{rows}\n".encode()


# -- Word

_T = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
_PLAIN = _T.format("", "12")
_FIELD = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
_TRACKED = "w:id='1' w:author='a' w:date='2024-01-01T00:00:00Z'"
DOCX = {
    "note": _PLAIN + _T.format("<w:vertAlign w:val='superscript'/>", "1"),
    "note sign": _T.format("", "12①"),
    "struck": _T.format("<w:strike/>", "9") + _PLAIN,
    "only struck": _T.format("<w:dstrike/>", "9"),
    "deleted": f"<w:del {_TRACKED}><w:r><w:delText>9</w:delText></w:r></w:del>"
    f"<w:ins {_TRACKED}>{_PLAIN}</w:ins>",
    "hidden": _T.format("<w:vanish/>", "9") + _T.format("<w:vanish w:val='0'/>", "12"),
    "tiny": _T.format("<w:sz w:val='2'/>", "9") + _PLAIN,
    "faint": _T.format("<w:color w:val='FFFFFF'/>", "9") + _PLAIN,
    "in the ground": _T.format("<w:highlight w:val='black'/>", "9")
    + _T.format("<w:color w:themeColor='background1'/>", "9")
    + _PLAIN,
    "fraction": _T.format("<w:vertAlign w:val='superscript'/>", "1")
    + _T.format("", "/")
    + _T.format("<w:vertAlign w:val='subscript'/>", "2"),
    "clipped": "<w:pPr><w:spacing w:line='20' w:lineRule='exact'/></w:pPr>"
    + _T.format("", "9")
    + f"</w:p><w:p>{_PLAIN}",
    "only clipped": "<w:pPr><w:ind w:left='-9000'/></w:pPr>" + _T.format("", "9"),
    "turned": "<w:bdo w:val='rtl'><w:r><w:t>21</w:t></w:r></w:bdo>",
    "ruby": "<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val='center'/><w:hps w:val='12'/>"
    "<w:hpsRaise w:val='18'/><w:hpsBaseText w:val='22'/><w:lid w:val='zh-CN'/></w:rubyPr>"
    f"<w:rt>{_T.format('', '9')}</w:rt><w:rubyBase>{_PLAIN}</w:rubyBase></w:ruby></w:r>",
    "link": f"<w:hyperlink w:anchor='n9'>{_T.format('', '1')}</w:hyperlink>"
    + _FIELD.format("begin")
    + '<w:r><w:instrText> HYPERLINK "a9.html" </w:instrText></w:r>'
    + _FIELD.format("separate")
    + _T.format("", "2")
    + _FIELD.format("end"),
    "two lines": "<w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r>",
    "minus": "<w:r><w:noBreakHyphen/><w:t>2</w:t></w:r>",
    "thin space": _T.format("", "1\u2009036"),
    "picture": "",
    "field": "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:name w:val='a'/><w:enabled/>"
    "<w:checkBox><w:sizeAuto/><w:default w:val='1'/></w:checkBox></w:ffData></w:fldChar></w:r>"
    "<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>" + _FIELD.format("end"),
    "equation": "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
    "<m:r><m:t>12</m:t></m:r></m:oMath>",
    "symbol": "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>",
    "symbol font": _T.format("<w:rFonts w:ascii='Wingdings' w:hAnsi='Wingdings'/>", "9"),
    "symbol minus": "<w:r><w:sym w:font='Symbol' w:char='F02D'/><w:t>2</w:t></w:r>",
    "counted": "<!-- -->",
    "formula": _FIELD.format("begin")
    + "<w:r><w:instrText> =SUM(LEFT) </w:instrText></w:r>"
    + _FIELD.format("end"),
    "field in field": _FIELD.format("begin")
    + "<w:r><w:instrText> IF </w:instrText></w:r>"
    + _FIELD.format("begin")
    + "<w:r><w:instrText> REF a </w:instrText></w:r>"
    + _FIELD.format("separate")
    + _T.format("", "7")
    + _FIELD.format("end")
    + _FIELD.format("separate")
    + _PLAIN
    + _FIELD.format("end"),
    "nested": "",
    "crossed": "",
}
# What Word alone has, or LibreOffice does not carry into the old format.
NOT_IN_DOC = (
    *("field in field", "formula", "equation", "in the ground", "turned", "symbol font"),
    "crossed",
)


def write_docx(leave_out: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    document.add_paragraph(PROSE)
    kinds = [kind for kind in DOCX if kind not in leave_out]
    table = document.add_table(len(kinds), 3)
    for row, kind in zip(table.rows, kinds, strict=True):
        row.cells[0].text, row.cells[2].text = kind, "3"
        cell = row.cells[1]
        if kind == "crossed":
            line = f"<w:tcBorders {nsdecls('w')}><w:tl2br w:val='single' w:sz='4'/></w:tcBorders>"
            cell._tc.get_or_add_tcPr().append(parse_xml(line))
        elif kind == "nested":
            cell.add_table(1, 1).rows[0].cells[0].text = "12"
            cell.add_paragraph()
        elif kind == "picture":
            cell.paragraphs[0].add_run().add_picture(_image())
        elif kind == "counted":
            cell.paragraphs[0].style = "List Number"
        else:
            written = parse_xml(f"<w:tc {nsdecls('w')}><w:p>{DOCX[kind]}</w:p></w:tc>")
            for paragraph in written.findall(qn("w:p")):
                cell._tc.append(paragraph)
            cell._tc.remove(cell.paragraphs[0]._p)
    document.add_paragraph(PROSE)  # without it LibreOffice takes the table apart
    return _saved(document.save)


# -- spreadsheets

_NORMAL = InlineFont()
XLSX: dict[str, object] = {
    "note": CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "1")),
    "note sign": "12①",
    "struck": CellRichText(TextBlock(InlineFont(strike=True), "9"), TextBlock(_NORMAL, "12")),
    "only struck": (9, "General", Font(strike=True)),
    "hidden": CellRichText(TextBlock(InlineFont(sz=1), "9"), TextBlock(_NORMAL, "12")),
    "hidden by format": (9, ";;;", None),
    "faint": CellRichText(TextBlock(InlineFont(color="FFFFFFFF"), "9"), TextBlock(_NORMAL, "12")),
    "only in the ground": (9, "General", Font(color="FFCCFFCC")),
    "filling": (1, "*90", None),
    "minus": "\u20112",
    "thin space": "1\u2009036",
    "symbol": "\ue123",
    "symbol font": (9, "General", Font(name="Wingdings")),
    "two lines": "1_x000D_\n2",
    "crossed": "",
    "link": 12,
    "format": (85000, '0\\.0,"万"', None),
    "percent": (10.11, "0%", None),
    "sign in colour": (-5, "0;[Red]0", None),
    "date": (45000, "yyyy-mm-dd", None),
    "formula": "=1+11",
    "picture": None,
}


def write_xlsx(leave_out: tuple[str, ...] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number, (kind, value) in enumerate(XLSX.items(), start=1):
        if kind in leave_out:
            continue
        sheet.cell(number, 1, kind)
        sheet.cell(number, 3, 3)
        cell = sheet.cell(number, 2)
        if kind == "picture":
            picture = openpyxl.drawing.image.Image(_image())
            picture.width, picture.height = 20, 10
            sheet.add_image(picture, f"B{number}")
        elif kind == "crossed":
            cell.border = Border(diagonal=Side(style="thin"), diagonalUp=True)
        elif isinstance(value, tuple):
            cell.value, cell.number_format, font = value
            if font is not None:
                cell.font = font
            if kind == "only in the ground":
                cell.fill = PatternFill("solid", fgColor="FFCCFFCC")
        else:
            cell.value = value  # type: ignore[assignment]
            cell.hyperlink = "http://a.example/9" if kind == "link" else None
    for number in range(30, 5_000):  # borders alone
        sheet.cell(number, 3).border = Border(top=Side(style="thin"))
    return _saved(workbook.save)


def write_xlsx_of_xlsxwriter() -> bytes:
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["formula", "", 3])
    sheet.write_formula(0, 1, "=6+6")
    sheet.write_row(1, 0, ["field", "", 3])
    sheet.insert_button(1, 1, {"caption": "12", "width": 30, "height": 10})
    workbook.close()
    return file.getvalue()


def _image() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "black").save(file, "PNG")
    file.seek(0)
    return file


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


# -- PDF

PAGE_HEIGHT = 1400
LEFT, WIDTH, HEIGHT, TOP, BASE = 40, 100, 20, PAGE_HEIGHT - 62, 7
FONT = "Vera"


def _struck(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "9")
    pdf.setLineWidth(0.5)
    pdf.line(x - 0.5, y + 3.4, x + 6.5, y + 3.4)
    pdf.setLineWidth(1)


def _invisible(pdf: Canvas, x: float, y: float) -> None:
    text = pdf.beginText(x, y)
    text.setTextRenderMode(3)
    text.textOut("9")
    text.setTextRenderMode(0)
    pdf.drawText(text)


def _white(pdf: Canvas, x: float, y: float) -> None:
    pdf.setFillGray(1)
    pdf.drawString(x, y, "9")
    pdf.setFillGray(0)


def _in_ground(pdf: Canvas, x: float, y: float) -> None:
    pdf.setFillColorRGB(0.8, 0.9, 0.7)
    pdf.rect(x - 5, y - BASE, WIDTH, HEIGHT, stroke=0, fill=1)
    pdf.drawString(x, y, "9")
    pdf.setFillGray(0)


def _see_through(pdf: Canvas, x: float, y: float) -> None:
    pdf.saveState()
    pdf.setFillAlpha(0)
    pdf.drawString(x, y, "9")
    pdf.setFillAlpha(0.4)
    pdf.rect(x - 1, y - 3, 20, 14, stroke=0, fill=1)
    pdf.restoreState()


def _turned(pdf: Canvas, x: float, y: float) -> None:
    pdf.saveState()
    pdf.translate(x + 30, y + 8)
    pdf.rotate(180)
    pdf.drawString(0, 0, "12")
    pdf.restoreState()


def _whited_out(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "9")
    pdf.setFillGray(1)
    pdf.rect(x - 1, y - 3, 9, 14, stroke=0, fill=1)
    pdf.setFillGray(0)


def _clipped(pdf: Canvas, x: float, y: float, text: str = "9", shown: float = 0) -> None:
    """A text of which a clip shows so much of the width from the left."""
    pdf.saveState()
    path = pdf.beginPath()
    path.rect(x - 1, y - 3, shown + 1, 14)
    pdf.clipPath(path, stroke=0, fill=0)
    pdf.drawString(x, y, text)
    pdf.restoreState()


def _clipped_below(pdf: Canvas, x: float, y: float) -> None:
    """A number over two lines, of which a clip shows the first."""
    pdf.saveState()
    path = pdf.beginPath()
    path.rect(x - 1, y - 2, 40, 14)
    pdf.clipPath(path, stroke=0, fill=0)
    pdf.drawString(x, y, "12")
    pdf.drawString(x, y - 12, "8")
    pdf.restoreState()


def _clipped_round(pdf: Canvas, x: float, y: float) -> None:
    pdf.saveState()
    path = pdf.beginPath()
    path.circle(x + 30, y + 3, 10)
    pdf.clipPath(path, stroke=0, fill=0)
    pdf.drawString(x, y, "9")
    pdf.drawString(x + 24, y, "12")
    pdf.restoreState()


def _switched_off(pdf: Canvas, x: float, y: float) -> None:
    if "layer" not in pdf._doc.idToObject:
        group = PDFDictionary({"Type": PDFName("OCG"), "Name": PDFString("a")})
        pdf._doc.Reference(group, "layer")
    layer = PDFObjectReference("layer")
    catalog = pdf._doc.Catalog
    catalog.__NoDefault__ = [*PDFCatalog.__NoDefault__, "OCProperties"]
    chosen = PDFDictionary({"OFF": PDFArray([layer])})
    catalog.OCProperties = PDFDictionary({"OCGs": PDFArray([layer]), "D": chosen})
    name = f"layer{x}{y}"
    pdf.beginForm(name)
    pdf._code.append("/OC /off BDC")
    pdf.setFont("Helvetica", 10)
    pdf.drawString(x, y, "9")
    pdf._code.append("EMC")
    resources = PDFResourceDictionary(Properties={"off": layer})
    resources.basicFonts()
    pdf.endForm(Resources=resources)
    pdf.doForm(name)


def _overlaid(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "8")
    pdf.drawString(x + 0.3, y, "5")


def _crossed(pdf: Canvas, x: float, y: float) -> None:
    pdf.line(x - 5, y - BASE, x + WIDTH - 5, y - BASE + HEIGHT)


def _on_two_levels(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "12")
    pdf.drawString(x + 13, y + 2.5, "9")


def _under_a_note(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "12")
    note = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName("Square"),
        "Rect": PDFArray(_on_page(pdf, x - 1, y - 3, x + 20, y + 12)),
        "IC": PDFArray([1, 1, 1]),
    }
    pdf._addAnnotation(PDFDictionary(note))


def _under_a_form(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "9")
    pdf.beginForm("cover", x - 1, y - 3, x + 9, y + 11)
    pdf.setFillGray(1)
    pdf.rect(x - 1, y - 3, 30, 14, stroke=0, fill=1)
    pdf.endForm()
    pdf.doForm("cover")
    pdf.drawString(x + 12, y, "12")


def _small(pdf: Canvas, x: float, y: float, size: float, text: str) -> None:
    pdf.setFont(FONT, size)
    pdf.drawString(x, y, text)
    pdf.setFont(FONT, 10)


def _twice(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x, y, "12")
    pdf.drawString(x + 0.4, y, "12")


def _slanted(pdf: Canvas, x: float, y: float) -> None:
    pdf.saveState()
    pdf.translate(x + 40, y)
    pdf.rotate(45)
    pdf.setFillGray(0.85)
    pdf.drawString(0, 0, "9")
    pdf.restoreState()
    pdf.drawString(x, y, "12")


def _over_edge(pdf: Canvas, x: float, y: float) -> None:
    pdf.drawString(x + WIDTH - 35, y, "1234567890")


def _wrapped(pdf: Canvas, x: float, y: float) -> None:
    _small(pdf, x, y + 6, 8, "118")
    _small(pdf, x, y - 4, 8, "6")


def _pale(pdf: Canvas, x: float, y: float, size: float) -> None:
    """A watermark: an 8 in a pale colour."""
    pdf.setFillGray(0.8)
    _small(pdf, x, y, size, "8")
    pdf.setFillGray(0)


def _on_the_edge(pdf: Canvas, x: float, y: float, by: float = 1) -> None:
    """A number that stands in the next column, but for so much."""
    pdf.drawString(x + WIDTH - 5 - by, y, "12")


def _lines(pdf: Canvas, *lines: tuple[float, float, float, float]) -> None:
    pdf.setLineWidth(0.5)
    for line in lines:
        pdf.line(*line)
    pdf.setLineWidth(1)


def _bar(pdf: Canvas, x: float, y: float, width: float, height: float) -> None:
    pdf.rect(x, y, width, height, stroke=0, fill=1)


def _pieces(pdf: Canvas, x: float, y: float) -> None:
    """A line in pieces, as long as two digits."""
    _lines(pdf, *((x + 2 * piece, y, x + 2 * piece + 1.2, y) for piece in range(6)))


def _wave(pdf: Canvas, x: float, y: float) -> None:
    path = pdf.beginPath()
    path.moveTo(x - 0.5, y)
    path.curveTo(x + 2, y + 1, x + 4, y - 1, x + 6.5, y)
    pdf.setLineWidth(0.5)
    pdf.drawPath(path)
    pdf.setLineWidth(1)


def _framed(pdf: Canvas, x: float, y: float) -> None:
    left, low, right, high = x - 1.5, y - 3, x + 14, y + 9.5
    _lines(pdf, (left, low, right, low), (left, high, right, high))
    _lines(pdf, (left, low, left, high), (right, low, right, high))
    pdf.drawString(x, y, "12")


def _in_outlines(pdf: Canvas, x: float, y: float, text: str, mode: int, *greys: int) -> None:
    """A text that is filled and outlined, or one of both, in one grey and in another."""
    fill, stroke = greys
    pdf.setFillGray(fill)
    pdf.setStrokeGray(stroke)
    letters = pdf.beginText(x, y)
    letters.setTextRenderMode(mode)
    letters.textOut(text)
    letters.setTextRenderMode(0)
    pdf.drawText(letters)
    pdf.setFillGray(0)
    pdf.setStrokeGray(0)


def _in_ink(pdf: Canvas, x: float, y: float, text: str, **ink: float | str) -> None:
    pdf.setFillColor(CMYKColorSep(0, 0, 0, 1, **ink))
    pdf.drawString(x, y, text)
    pdf.setFillGray(0)


def _shading(pdf: Canvas, x: float, y: float, width: float, grey: float) -> None:
    """A box in one grey that a shading fills."""
    pdf.saveState()
    path = pdf.beginPath()
    path.rect(x - 1, y - 3, width, 14)
    pdf.clipPath(path, stroke=0, fill=0)
    colour = Color(grey, grey, grey)
    pdf.linearGradient(x, y, x + width, y, (colour, colour))
    pdf.restoreState()


def _form_in_white(pdf: Canvas, x: float, y: float) -> None:
    """A form that says no colour, and so is drawn in that of the page."""
    name = f"white{x}{y}"
    pdf.beginForm(name)
    pdf._code[:] = ["BT /F1 10 Tf 1 0 0 1 0 0 Tm (9) Tj ET"]
    resources = PDFResourceDictionary()
    resources.basicFonts()
    pdf.endForm(Resources=resources)
    pdf.saveState()
    pdf.setFillGray(1)
    pdf.translate(x, y)
    pdf.doForm(name)
    pdf.restoreState()


def _field(pdf: Canvas, x: float, y: float) -> None:
    left, low, right, high = _on_page(pdf, x, y - 2, x + 50, y + 12)
    pdf.acroForm.textfield(
        name="a", value="12", x=left, y=low, width=right - left, height=high - low
    )


def _on_page(pdf: Canvas, left: float, low: float, right: float, high: float) -> list[float]:
    """A box in the coordinates of the page, whichever way what is drawn on it is turned."""
    corners = [pdf.absolutePosition(left, low), pdf.absolutePosition(right, high)]
    return [side(along) for side in (min, max) for along in zip(*corners, strict=True)]


PDF: dict[str, Callable[[Canvas, float, float], None]] = {
    "note": lambda c, x, y: (c.drawString(x, y, "12"), _small(c, x + 13, y + 4, 6, "1"))[0],
    "note sign": lambda c, x, y: c.drawString(x, y, "12¹"),
    "struck": lambda c, x, y: (_struck(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "only struck": _struck,
    "hidden": lambda c, x, y: (_invisible(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "tiny": lambda c, x, y: (_small(c, x, y, 1, "9"), c.drawString(x + 10, y, "12"))[0],
    "faint": lambda c, x, y: (_white(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "in the ground": lambda c, x, y: (_in_ground(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "turned": _turned,
    "see-through": lambda c, x, y: (_see_through(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "whited out": lambda c, x, y: (_whited_out(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "only whited out": _whited_out,
    "clipped": lambda c, x, y: (_clipped(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "clipped round": _clipped_round,
    "clipped in part": lambda c, x, y: _clipped(c, x, y, "128", 14),
    "clipped through": lambda c, x, y: _clipped(c, x, y, "128", 16),
    "clipped below": _clipped_below,
    "only clipped": _clipped,
    "switched off": lambda c, x, y: (_switched_off(c, x, y), c.drawString(x + 10, y, "12"))[0],
    "only switched off": _switched_off,
    "link": lambda c, x, y: (c.linkURL("a9", (x, y, x + 9, y + 9)), c.drawString(x, y, "12"))[0],
    "under a note": _under_a_note,
    "overlaid": _overlaid,
    "crossed": _crossed,
    "on two levels": _on_two_levels,
    "two words": lambda c, x, y: (c.drawString(x, y, "1"), c.drawString(x + 9, y, "2"))[0],
    "under a form": _under_a_form,
    "minus": lambda c, x, y: c.drawString(x, y, "\u22122"),
    "picture": lambda c, x, y: c.drawImage(ImageReader(_image()), x, y, 20, 10),
    "field": _field,
    "symbol": lambda c, x, y: c.drawString(x, y, "\ue123"),
    "drawn twice": _twice,
    "slanted": _slanted,
    "wrapped": _wrapped,
    "over the edge": _over_edge,
    "note before": lambda c, x, y: (_small(c, x, y + 4, 6, "1"), c.drawString(x + 4, y, "12"))[0],
    "digit below": lambda c, x, y: (c.drawString(x, y, "12"), _small(c, x + 13, y - 3, 6, "1"))[0],
    "first large": lambda c, x, y: (_small(c, x, y - 3, 15, "1"), c.drawString(x + 10, y, "2"))[0],
    "sign large": lambda c, x, y: (_small(c, x, y - 3, 15, "n"), c.drawString(x + 10, y, "12"))[0],
    "over a pale digit": lambda c, x, y: (_pale(c, x, y - 3, 18), c.drawString(x + 2, y, "12"))[0],
    "beside a pale digit": lambda c, x, y: (
        _pale(c, x, y - 4, 14),
        c.drawString(x + 10, y, "12"),
    )[0],
    "on the edge": _on_the_edge,
    "edge of another": lambda c, x, y: _on_the_edge(c, x, y, 0.2),
    "drawn digit": lambda c, x, y: _bar(c, x + 2, y, 1.2, 7),
    "drawn thick": lambda c, x, y: _bar(c, x + 2, y, 2.4, 11),
    "drawn line": lambda c, x, y: _lines(c, (x + 2, y, x + 2, y + 7)),
    "drawn dash": lambda c, x, y: _lines(c, (x + 2, y + 3, x + 12, y + 3)),
    "drawn minus": lambda c, x, y: (
        _lines(c, (x, y + 3, x + 4, y + 3)),
        c.drawString(x + 5, y, "12"),
    )[0],
    "drawn point": lambda c, x, y: (
        c.drawString(x, y, "1"),
        c.circle(x + 7.2, y + 0.6, 0.5, stroke=0, fill=1),
        c.drawString(x + 8.5, y, "2"),
    )[0],
    "framed": _framed,
    "underlined": lambda c, x, y: (
        c.drawString(x, y, "12"),
        _lines(c, (x, y - 1.5, x + 13, y - 1.5)),
    )[0],
    "over dashes": lambda c, x, y: (c.drawString(x, y, "12"), _pieces(c, x, y - 2))[0],
    "struck by dashes": lambda c, x, y: (c.drawString(x, y, "12"), _pieces(c, x, y + 3.5))[0],
    "struck by a wave": lambda c, x, y: (
        c.drawString(x, y, "9"),
        _wave(c, x, y + 3.5),
        c.drawString(x + 10, y, "12"),
    )[0],
    "struck too far": lambda c, x, y: (
        c.drawString(x + 20, y, "12"),
        _lines(c, (x, y + 3.5, x + 70, y + 3.5)),
    )[0],
    "faint outlines": lambda c, x, y: (
        _in_outlines(c, x, y, "9", 1, 0, 1),
        c.drawString(x + 6.5, y, "12"),
    )[0],
    "outlines": lambda c, x, y: _in_outlines(c, x, y, "12", 1, 1, 0),
    "filled outlines": lambda c, x, y: _in_outlines(c, x, y, "12", 2, 1, 0),
    "no ink": lambda c, x, y: (
        _in_ink(c, x, y, "9", spotName="Black", density=0),
        _in_ink(c, x + 6.5, y, "12", spotName="Black"),
    )[0],
    "unknown ink": lambda c, x, y: (
        _in_ink(c, x, y, "9", spotName="Spot"),
        c.drawString(x + 6.5, y, "12"),
    )[0],
    "on a shading": lambda c, x, y: (_shading(c, x, y, 30, 0), c.drawString(x, y, "12"))[0],
    "under a shading": lambda c, x, y: (
        c.drawString(x, y, "9"),
        _shading(c, x, y, 8, 1),
        c.drawString(x + 10, y, "12"),
    )[0],
    "in a form": lambda c, x, y: (_form_in_white(c, x, y), c.drawString(x + 6.5, y, "12"))[0],
}


def write_pdf(*, has_sides: bool = True, opacity: float = 1, turned: int = 0) -> bytes:
    """A page with the kinds in a table; before them a form, as a watermark is, of an opacity.

    A page that is `turned` is drawn on its side or head, and says by how much to turn it.
    """
    if FONT not in pdfmetrics.getRegisteredFontNames():
        path = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
        pdfmetrics.registerFont(TTFont(FONT, path))
    file = io.BytesIO()
    pdf = Canvas(file, (595, PAGE_HEIGHT))
    pdf.setPageRotation(turned)
    across, up = 595, PAGE_HEIGHT
    pdf.translate(*{0: (0, 0), 90: (up, 0), 180: (across, up), 270: (0, across)}[turned])
    pdf.rotate(turned)
    pdf.beginForm("watermark")
    pdf.setFillAlpha(opacity)  # and neither kept nor taken back
    pdf.drawString(LEFT, 20, "watermark")
    resources = PDFResourceDictionary(ExtGState=pdf._extgstate.getState())
    resources.basicFonts()
    pdf.endForm(Resources=resources)
    pdf.doForm("watermark")
    pdf.setFont(FONT, 10)
    pdf.drawString(LEFT, TOP + 20, "A line of prose that stands above the table of this page")
    pdf.setFont(FONT, 10)
    for number, (kind, draw) in enumerate(PDF.items()):
        y = TOP - HEIGHT * (number + 1) + BASE
        pdf.drawString(LEFT + 5, y, kind)
        draw(pdf, LEFT + WIDTH + 5, y)
        if kind not in ("over the edge", "on the edge"):
            pdf.drawString(LEFT + 2 * WIDTH + 5, y, "3")
    rows = [TOP - HEIGHT * number for number in range(len(PDF) + 1)]
    for y in rows:
        pdf.line(LEFT, y, LEFT + 3 * WIDTH, y)
    for column in range(4) if has_sides else (1, 2):
        pdf.line(LEFT + column * WIDTH, rows[0], LEFT + column * WIDTH, rows[-1])
    pdf.save()
    return file.getvalue()
