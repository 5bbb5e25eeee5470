"""PDF files to the grid model: the ruled tables of every page, and the prose around them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer import settings
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFStream
from pdfplumber.utils.exceptions import PdfminerException

from gouji.landing.grid import (
    LOCKED,
    Document,
    Paragraph,
    RawCell,
    Refused,
    build_table,
    clean,
)

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAX_PAGES = 200
MAX_PAGE_OBJECTS = 60_000
_PAGE_NUMBER = re.compile(r"^[-—–－\s第]*\d{1,3}[-—–－\s页]*$")
_SNAP = 4.0  # points by which the same edge may differ from page to page
_INDENT = 12.0  # points by which the first line of a paragraph is set in


def read_pdf(data: bytes) -> Document:
    """Read a PDF file; one whose pages are pictures, or that is locked, is refused.

    A damaged file raises whatever error the parser meets first.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            _check_streams(pdf.doc)
            return _read(pdf)
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise Refused(LOCKED) from error
    except PdfminerException as error:
        if "Password" in repr(error):
            raise Refused(LOCKED) from error
        raise


def _check_streams(document: Any) -> None:
    """Refuse a file with a damaged stream: the parser would go on with what is left of it."""
    settings.STRICT = True
    try:
        for xref in document.xrefs:
            for number in xref.get_objids():
                try:
                    part = document.getobj(number)
                except PDFObjectNotFound:
                    continue
                if isinstance(part, PDFStream) and str(part.get("Subtype")) != "/'Image'":
                    part.get_data()
    finally:
        settings.STRICT = False


@dataclass
class _Ruled:
    """A ruled table as it stands on its page, before its columns are numbered."""

    place: str
    page: int
    left: float
    right: float
    rows: list[list[tuple[float, float, int, str]]]  # left and right edge, rowspan, text
    edges: list[float]  # the left edges of its columns, from the table's own left edge

    def continues(self, other: _Ruled) -> bool:
        """Whether this table goes on where another ended on the page before."""
        return (
            self.page == other.page + 1
            and abs(self.left - other.left) <= _SNAP
            and abs(self.right - other.right) <= _SNAP
        )


def _read(pdf: Any) -> Document:
    if len(pdf.pages) > MAX_PAGES:
        raise Refused(f"it has {len(pdf.pages)} pages, more than {MAX_PAGES}")
    document = Document()
    characters = pictures = 0
    blocks: list[tuple[float, float, Any]] = []
    for number, page in enumerate(pdf.pages, start=1):
        objects = len(page.chars) + len(page.lines) + len(page.rects) + len(page.curves)
        if objects > MAX_PAGE_OBJECTS:
            raise Refused(f"page {number} holds {objects} objects, too many for a report")
        characters += len(page.chars)
        pictures += len(page.images)
        blocks += _page(page, number)
        page.close()
    _share_columns([block for *_, block in blocks if isinstance(block, _Ruled)])
    lines: list[tuple[float, str]] = []
    left_edge = min((left for _, left, block in blocks if isinstance(block, str)), default=0.0)
    for _, left, block in blocks:
        if isinstance(block, _Ruled):
            _close(document, lines, left_edge)
            document.blocks.append(build_table(_rows(block), block.place))
        else:
            lines.append((left, block))
    _close(document, lines, left_edge)
    if characters < 40 * len(pdf.pages) and pictures:
        raise Refused(
            "it is a scan: its pages are pictures without text; read it with OCR and check by eye"
        )
    if not characters:
        raise Refused("it holds no text")
    return document


def _share_columns(tables: list[_Ruled]) -> None:
    """Give a table that runs over pages the same columns on each.

    A page may show fewer columns of labels than the next, where the cells that part them stand.
    """
    pairs = [(one, other) for one, other in pairwise(tables) if other.continues(one)]
    for before, after in [*pairs, *reversed(pairs)]:
        for coarse, fine in ((before, after), (after, before)):
            if len(coarse.edges) <= len(fine.edges) and all(
                _near(edge, fine.edges) is not None for edge in coarse.edges
            ):
                coarse.edges = fine.edges
                break


def _near(edge: float, edges: list[float]) -> int | None:
    return next((i for i, other in enumerate(edges) if abs(edge - other) <= _SNAP), None)


def _close(document: Document, lines: list[tuple[float, str]], left_edge: float) -> None:
    """Join printed lines to paragraphs: a line that is set in begins one."""
    text = ""
    for left, line in lines:
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
        left, _, right, _ = table.bbox
        ruled = _Ruled(
            f"page {number} table {count}",
            number,
            left,
            right,
            _cells(table, texts),
            [edge - left for edge in columns],
        )
        blocks.append((table.bbox[1], left, ruled))
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


def _cells(table: Any, texts: list[list[str | None]]) -> list[list[tuple[float, float, int, str]]]:
    tops = [row.bbox[1] for row in table.rows]
    return [
        [
            (
                box[0] - table.bbox[0],
                box[2] - table.bbox[0],
                sum(box[1] - 1 <= top < box[3] - 1 for top in tops),
                clean(text or ""),
            )
            for box, text in zip(row.cells, row_texts, strict=True)
            if box is not None
        ]
        for row, row_texts in zip(table.rows, texts, strict=True)
    ]


def _rows(table: _Ruled) -> list[list[RawCell]]:
    """The rows of a ruled table; a place without a cell of its own is a blank that is doubtful."""
    edges = table.edges
    covered: set[tuple[int, int]] = set()
    rows: list[list[RawCell]] = []
    for index, row in enumerate(table.rows):
        starts = {_near(left, edges): (right, rowspan, text) for left, right, rowspan, text in row}
        flaw = "" if len(starts) == len(row) and None not in starts else "cells too narrow to part"
        cells: list[RawCell] = []
        for column, _ in enumerate(edges):
            if (index, column) in covered:
                continue
            if column not in starts:
                cells.append(RawCell("", flaw="a cell without borders"))
                continue
            right, rowspan, text = starts[column]
            colspan = sum(edge < right - _SNAP for edge in edges[column:])
            covered |= {
                (index + down, column + over) for down in range(rowspan) for over in range(colspan)
            }
            cells.append(RawCell(text, max(1, rowspan), max(1, colspan), flaw))
        rows.append(cells)
    return rows
