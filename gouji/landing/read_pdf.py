"""PDF files to the grid model: the ruled tables of every page, and the prose around them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, Table, build_table, clean

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAX_PAGES = 200
MAX_PAGE_OBJECTS = 60_000
_PAGE_NUMBER = re.compile(r"^[-—–－\s第]*\d{1,3}[-—–－\s页]*$")
_INDENT = 12.0  # points by which the first line of a paragraph is set in


def read_pdf(data: bytes) -> Document:
    """Read a PDF file; one whose pages are pictures is refused as a scan."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return _read(pdf)
    except Refused:
        raise
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise Refused("it is locked with a password") from error
    except (PDFSyntaxError, PdfminerException) as error:
        if isinstance(error.__cause__, PDFPasswordIncorrect) or "Password" in repr(error):
            raise Refused("it is locked with a password") from error
        raise Refused(f"it is no PDF that can be parsed ({type(error).__name__})") from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError) as error:
        # The parser below meets a broken file with whatever error comes first.
        raise Refused(f"it is a damaged PDF ({type(error).__name__})") from error


def _read(pdf: Any) -> Document:
    if len(pdf.pages) > MAX_PAGES:
        raise Refused(f"it has {len(pdf.pages)} pages, more than {MAX_PAGES}")
    document = Document()
    characters = pictures = 0
    lines: list[tuple[float, float, str]] = []
    left_edge = 0.0
    for number, page in enumerate(pdf.pages, start=1):
        objects = len(page.chars) + len(page.lines) + len(page.rects) + len(page.curves)
        if objects > MAX_PAGE_OBJECTS:
            raise Refused(f"page {number} holds {objects} objects, too many for a report")
        characters += len(page.chars)
        pictures += len(page.images)
        blocks = _page(page, number)
        for top, left, block in blocks:
            if isinstance(block, Table):
                _close(document, lines, left_edge)
                document.blocks.append(block)
            else:
                left_edge = min(left_edge or left, left)
                lines.append((top, left, block))
        page.close()
    _close(document, lines, left_edge)
    if characters < 40 * len(pdf.pages) and pictures:
        raise Refused(
            "it is a scan: its pages are pictures without text; read it with OCR and check by eye"
        )
    if not characters:
        raise Refused("it holds no text")
    return document


def _close(document: Document, lines: list[tuple[float, float, str]], left_edge: float) -> None:
    """Join printed lines to paragraphs: a line that is set in begins one."""
    text = ""
    for _, left, line in lines:
        if text and left - left_edge > _INDENT:
            document.blocks.append(Paragraph(text))
            text = ""
        text += line
    if text:
        document.blocks.append(Paragraph(text))
    lines.clear()


def _page(page: Page, number: int) -> list[tuple[float, float, Any]]:
    """The blocks of a page from top to bottom: (top, left, a Table or a line of text)."""
    blocks: list[tuple[float, float, Any]] = []
    boxes: list[tuple[float, float, float, float]] = []
    count = 0
    for table in page.find_tables():
        texts = table.extract()
        columns = sorted({cell[0] for cell in table.cells})
        if len(columns) < 2:
            continue  # a frame or the shading of lines
        count += 1
        boxes.append(table.bbox)
        rows = _rows(table, texts, columns)
        place = f"page {number} table {count}"
        blocks.append((table.bbox[1], table.bbox[0], build_table(rows, place)))
        for row, row_texts in zip(table.rows, texts, strict=True):
            filled = [text for text in row_texts if text]
            if len(filled) == 1 and len(filled[0]) > 15:
                # Lines of prose that their shading joined to the table below.
                left = page.bbox[0] + row.bbox[0]
                blocks.append((row.bbox[1], left, clean(filled[0])))
    for line in page.extract_text_lines(return_chars=False, strip=True):
        middle = (line["top"] + line["bottom"]) / 2
        if any(box[1] <= middle <= box[3] for box in boxes):
            continue
        text = clean(line["text"])
        if text and not _PAGE_NUMBER.match(text):
            blocks.append((line["top"], line["x0"], text))
    blocks.sort(key=lambda block: (block[0], block[1]))
    return blocks


def _rows(table: Any, texts: list[list[str | None]], columns: list[float]) -> list[list[RawCell]]:
    """The rows of a ruled table; a place without a cell of its own is a blank that is doubtful."""
    tops = [row.bbox[1] for row in table.rows]
    covered: set[tuple[int, int]] = set()
    rows: list[list[RawCell]] = []
    for index, (row, row_texts) in enumerate(zip(table.rows, texts, strict=True)):
        cells: list[RawCell] = []
        for place, (box, text) in enumerate(zip(row.cells, row_texts, strict=True)):
            if (index, place) in covered:
                continue
            if box is None:
                cells.append(RawCell("", flaw="a cell without borders"))
                continue
            colspan = sum(box[0] - 1 <= left < box[2] - 1 for left in columns)
            rowspan = sum(box[1] - 1 <= top < box[3] - 1 for top in tops)
            covered |= {
                (index + down, place + right)
                for down in range(rowspan)
                for right in range(colspan)
            }
            cells.append(RawCell(clean(text or ""), max(1, rowspan), max(1, colspan)))
        rows.append(cells)
    return rows
