"""PDF files to the grid model: the ruled tables of every page, and the prose around them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pdfplumber
from pdfminer import settings
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFStream
from pdfplumber.utils.exceptions import PdfminerException

from gouji.landing import pdf_look
from gouji.landing.grid import (
    LOCKED,
    Document,
    Paragraph,
    RawCell,
    Refused,
    build_table,
    clean,
)
from gouji.landing.pdf_drawn import seen
from gouji.landing.shown import LEFT_OUT, Doubt, Look, cell_text, read_cell

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAX_PAGES = 200
MAX_PAGE_OBJECTS = 60_000
_PAGE_NUMBER = re.compile(r"^[-—–－\s第]*\d{1,3}[-—–－\s页]*$")
_SNAP = 4.0  # points by which the same edge may differ from page to page
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、.]|[（(]?\d{1,2}[)）、.]")
_WRAPPED = re.compile(r"[\d,.]+(?:\n[\d,.]+)+")
_OPEN = 10.0  # points by which lines run on past the sides of a table that is open there
_APART = 0.22  # of the size of letters: as far apart are those of two words
_TOUCHING = 0.5  # points between the letters of one number
_SHORT = 0.3  # of the width: what a line leaves free that is no whole line of a paragraph
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


class _Box(NamedTuple):
    """A cell on its page: left and right edge from the table's own, rows, what stands in it."""

    left: float
    right: float
    rowspan: int
    text: str
    doubt: str


class _Printed(NamedTuple):
    """A printed line of prose: its edges, the size of its letters, its text."""

    left: float
    right: float
    size: float
    text: str


@dataclass
class _Ruled:
    """A ruled table as it stands on its page, before its columns are numbered."""

    place: str
    page: int
    left: float
    right: float
    rows: list[list[_Box]]
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
        page._layout = seen(page)  # where a page keeps what it draws
        objects = len(page.chars) + len(page.lines) + len(page.rects) + len(page.curves)
        if objects > MAX_PAGE_OBJECTS:
            raise Refused(f"page {number} holds {objects} objects, too many for a report")
        characters += len(page.chars)
        pictures += len(page.images)
        blocks += _page(page, number)
        page.close()
    _share_columns([block for *_, block in blocks if isinstance(block, _Ruled)])
    lines: list[_Printed] = []
    prose = [block for *_, block in blocks if isinstance(block, _Printed)]
    margins = (
        min((line.left for line in prose), default=0.0),
        max((line.right for line in prose), default=0.0),
    )
    for *_, block in blocks:
        if isinstance(block, _Ruled):
            _close(document, lines, margins)
            document.blocks.append(build_table(_rows(block), block.place))
        else:
            lines.append(block)
    _close(document, lines, margins)
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


def _close(document: Document, lines: list[_Printed], margins: tuple[float, float]) -> None:
    """Join printed lines to paragraphs."""
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and _begins(line, before, margins):
            document.blocks.append(Paragraph(text))
            text = ""
        text += line.text
    if text:
        document.blocks.append(Paragraph(text))
    lines.clear()


def _begins(line: _Printed, before: _Printed, margins: tuple[float, float]) -> bool:
    """Whether a line begins a paragraph: set in, set in another size, or after one that ended."""
    left, right = margins
    if line.left - left > _INDENT or abs(line.size - before.size) > 0.1 * before.size:
        return True
    room = right - before.right
    if _NUMBERED.match(line.text) and room > before.size:
        return True
    is_sentence = before.text.endswith(("。", "！", "？", "；", "："))
    return room > (1.5 * before.size if is_sentence else _SHORT * (right - left))


def _page(page: Page, number: int) -> list[tuple[float, float, Any]]:
    """The blocks of a page from top to bottom: (top, left, a table or a printed line)."""
    blocks: list[tuple[float, float, Any]] = []
    boxes: list[tuple[float, float, float, float]] = []
    plain = pdf_look.look_at(page)
    over = list(pdf_look.lies_over(page))
    words = plain.extract_words(x_tolerance=_TOUCHING, return_chars=True)
    count = 0
    for table in _tables(plain):
        texts = table.extract(x_tolerance_ratio=_APART)
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
            _cells(table, texts, _doubts(table, page, words, over)),
            [edge - left for edge in columns],
        )
        blocks.append((table.bbox[1], left, ruled))
        for row, row_texts in zip(table.rows, texts, strict=True):
            filled = [text for text in row_texts if text]
            if len(filled) == 1 and len(filled[0]) > 15:
                # Lines of prose that their shading joined to the table below.
                start, top, end, bottom = row.bbox
                line = _Printed(page.bbox[0] + start, end, bottom - top, clean(filled[0]))
                blocks.append((top, line.left, line))
    for found in plain.extract_text_lines(strip=True):
        middle = (found["top"] + found["bottom"]) / 2
        if any(box[1] <= middle <= box[3] for box in boxes):
            continue
        text = clean(found["text"])
        if text and not _PAGE_NUMBER.match(text):
            size = max(char["size"] for char in found["chars"])
            printed = _Printed(found["x0"], found["x1"], size, text)
            blocks.append((found["top"], printed.left, printed))
    blocks.sort(key=lambda block: (block[0], block[1]))
    return blocks


def _tables(page: Page) -> list[Any]:
    """The ruled tables of a page; one that is open at its sides, where its lines end, is closed."""
    tables: list[Any] = page.find_tables()
    lines = [edge for edge in page.edges if edge["orientation"] == "h"]
    sides: list[dict[str, Any]] = []
    for table in tables:
        left, top, right, bottom = table.bbox
        own = [edge for edge in lines if top - _SNAP <= edge["top"] <= bottom + _SNAP]
        ends = {
            min((e["x0"] for e in own), default=left),
            max((e["x1"] for e in own), default=right),
        }
        sides += [
            {
                "object_type": "line",
                "x0": end,
                "x1": end,
                "top": top,
                "bottom": bottom,
                "width": 0,
                "height": bottom - top,
            }
            for end in ends
            if not left - _OPEN <= end <= right + _OPEN
        ]
    if not sides:
        return tables
    return list(page.find_tables({"explicit_vertical_lines": sides}))


def _doubts(
    table: Any,
    page: Page,
    words: list[dict[str, Any]],
    over: list[tuple[dict[str, Any], Doubt]],
) -> dict[tuple[float, ...], tuple[str, str]]:
    """The cells of a table in which more stands than plain letters: a text, and a doubt."""
    found: dict[tuple[float, ...], tuple[str, str]] = {}
    dressed = [char for char in page.chars if char.get("look") not in (None, Look.PLAIN)]
    for box in table.cells:
        for drawn, doubt in over:
            if _lies_in(drawn, box):
                found[box] = ("", doubt)
        own = [char for char in dressed if _lies_in(char, box)]
        own.sort(key=lambda char: char["look"] in LEFT_OUT)  # what cannot be left out tells
        if own:
            found.setdefault(box, read_cell((char["text"], char["look"]) for char in own))
        for word in words:
            if _crosses(word, box):
                found.setdefault(box, ("", Doubt.OVER_EDGE))
    return found


def _lies_in(drawn: dict[str, Any], box: tuple[float, ...]) -> bool:
    """Whether something stands in a cell: its middle does, or it covers the cell's."""
    left, top, right, bottom = box
    across, down = (drawn["x0"] + drawn["x1"]) / 2, (drawn["top"] + drawn["bottom"]) / 2
    if left <= across <= right and top <= down <= bottom:
        return True
    across, down = (left + right) / 2, (top + bottom) / 2
    return bool(drawn["x0"] <= across <= drawn["x1"] and drawn["top"] <= down <= drawn["bottom"])


def _crosses(word: dict[str, Any], box: tuple[float, ...]) -> bool:
    """Whether of letters that touch one another some stand in a cell and some beside it."""
    left, top, right, bottom = box
    if word["x1"] < left or word["x0"] > right:
        return False
    if not top <= (word["top"] + word["bottom"]) / 2 <= bottom:
        return False
    inside = {left <= (char["x0"] + char["x1"]) / 2 <= right for char in word["chars"]}
    return len(inside) == 2


def _cells(
    table: Any,
    texts: list[list[str | None]],
    doubts: dict[tuple[float, ...], tuple[str, str]],
) -> list[list[_Box]]:
    tops = [row.bbox[1] for row in table.rows]
    rows: list[list[_Box]] = []
    for row, row_texts in zip(table.rows, texts, strict=True):
        rows.append([])
        for box, text in zip(row.cells, row_texts, strict=True):
            if box is None:
                continue
            left, right = box[0] - table.bbox[0], box[2] - table.bbox[0]
            rowspan = sum(box[1] - 1 <= top < box[3] - 1 for top in tops)
            shown, doubt = _shown(text or "", *doubts.get(box, ("", "")))
            rows[-1].append(_Box(left, right, rowspan, shown, doubt))
    return rows


def _shown(text: str, beside: str, doubt: str) -> tuple[str, str]:
    """What a cell shows of its plain text, and of what stands there beside it."""
    if _WRAPPED.fullmatch(text.strip()):
        return "".join(text.split()), Doubt.WRAPPED
    shown, unclear = cell_text(text)
    if not shown:
        return beside, doubt
    is_left_out = doubt in [look.value for look in LEFT_OUT]
    return shown, unclear if is_left_out else doubt or unclear


def _rows(table: _Ruled) -> list[list[RawCell]]:
    """The rows of a ruled table; a place without a cell of its own is a blank that is doubtful."""
    edges = table.edges
    covered: set[tuple[int, int]] = set()
    rows: list[list[RawCell]] = []
    for index, row in enumerate(table.rows):
        starts = {_near(box.left, edges): box for box in row}
        flaw = "" if len(starts) == len(row) and None not in starts else "cells too narrow to part"
        cells: list[RawCell] = []
        for column, _ in enumerate(edges):
            if (index, column) in covered:
                continue
            if column not in starts:
                cells.append(RawCell("", flaw="a cell without borders"))
                continue
            box = starts[column]
            colspan = sum(edge < box.right - _SNAP for edge in edges[column:])
            covered |= {
                (index + down, column + over)
                for down in range(box.rowspan)
                for over in range(colspan)
            }
            cells.append(RawCell(box.text, max(1, box.rowspan), max(1, colspan), flaw or box.doubt))
        rows.append(cells)
    return rows
