"""PDF files to the grid model: the ruled tables of every page, and the prose around them."""

from __future__ import annotations

import io
import re
from math import inf
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer import settings
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFStream
from pdfplumber.utils.exceptions import PdfminerException

from gouji.landing import pdf_look
from gouji.landing.grid import LOCKED, Document, IsScan, Refused, clean
from gouji.landing.pdf_drawn import seen
from gouji.landing.ruled import PAGE_NUMBER, SNAP, Block, Printed, Ruled, join, ruled_table
from gouji.landing.scan_engine import check_engine
from gouji.landing.shown import LEFT_OUT, Doubt, Look, cell_text, read_cell

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAX_PAGES = 200
MAX_PAGE_OBJECTS = 60_000
_FEWEST = 40  # letters of a page that holds text
_MOST_COVERED = 0.5  # of a page by pictures, if it is no scan
_WRAPPED = re.compile(r"[\d,.]+(?:\n[\d,.]+)+")
_OPEN = 10.0  # points by which lines run on past the sides of a table that is open there
_APART = 0.22  # of the size of letters: as far apart are those of two words
_TOUCHING = 0.5  # points between the letters of one number
_ALONG = 1.5  # points from the edge of a cell, within which a stroke is a part of the edge
_OVERHANG = 0.05  # of a digit's size, which may stand beyond the edge of its cell


def read_pdf(data: bytes, *, with_ocr: bool = False) -> Document:
    """Read a PDF file; its pages that are pictures by an engine, if it may be asked.

    Raises `IsScan` for pages that are pictures where it may not, `Refused` for a file that is
    locked; a damaged one raises whatever error the parser meets first.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            _check_streams(pdf.doc)
            return _read(pdf, data, with_ocr=with_ocr)
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


def _read(pdf: Any, data: bytes, *, with_ocr: bool) -> Document:
    if len(pdf.pages) > MAX_PAGES:
        raise Refused(f"it has {len(pdf.pages)} pages, more than {MAX_PAGES}")
    document = Document()
    characters = 0
    pictures: list[int] = []
    blocks: list[list[Block]] = []
    for number, page in enumerate(pdf.pages, start=1):
        page._layout = seen(page)  # where a page keeps what it draws
        objects = len(page.chars) + len(page.lines) + len(page.rects) + len(page.curves)
        if objects > MAX_PAGE_OBJECTS:
            raise Refused(f"page {number} holds {objects} objects, too many for a report")
        characters += len(page.chars)
        pictures += [number] if _is_picture(page) else []
        blocks.append(_page(page, number))
        page.close()
    has_tables = any(isinstance(block.what, Ruled) for page in blocks for block in page)
    is_scan = characters < _FEWEST * len(pdf.pages) or not has_tables
    if pictures and is_scan:
        if not with_ocr:
            raise IsScan("it is a scan: its pages are pictures without text")
        document.is_scan = True
        for number in pictures:
            blocks[number - 1] = _scanned(data, number)
    elif pictures:
        pages = ", ".join(map(str, pictures))
        document.notes.append(f"pages that are pictures are not read: {pages}")
    join(document, [block for page in blocks for block in page])
    if not characters and not document.is_scan:
        raise Refused("it holds no text")
    return document


def _is_picture(page: Page) -> bool:
    """Whether a page is a picture with hardly any letters that are seen."""
    whole = float(page.width) * float(page.height)
    covered = sum(float(image["width"]) * float(image["height"]) for image in page.images)
    return len(page.chars) < _FEWEST and covered > _MOST_COVERED * whole


def _scanned(data: bytes, number: int) -> list[Block]:
    """The blocks of a page that is a picture, as it is drawn."""
    check_engine()
    from gouji.landing.read_scan import page_blocks, rendered  # noqa: PLC0415 - the extra `ocr`

    return page_blocks(rendered(data, number), number)


def _page(page: Page, number: int) -> list[Block]:
    """The blocks of a page from top to bottom."""
    blocks: list[Block] = []
    boxes: list[tuple[float, float, float, float]] = []
    plain = pdf_look.look_at(page)
    over = list(pdf_look.lies_over(page))
    strokes = list(pdf_look.stands_in(page))
    words = pdf_look.shown(page, plain).extract_words(x_tolerance=_TOUCHING, return_chars=True)
    count = 0
    for table in _tables(plain):
        texts = table.extract(x_tolerance_ratio=_APART)
        if len({cell[0] for cell in table.cells}) < 2:
            continue  # a frame or the shading of lines
        count += 1
        boxes.append(table.bbox)
        doubts = _doubts(table, page, words, over, strokes)
        shown = {
            box: _shown(text or "", *doubts.get(box, ("", "")))
            for row, row_texts in zip(table.rows, texts, strict=True)
            for box, text in zip(row.cells, row_texts, strict=True)
            if box is not None
        }
        ruled = ruled_table(table, f"page {number} table {count}", number, shown)
        blocks.append(Block(table.bbox[1], ruled.left, ruled))
        for row, row_texts in zip(table.rows, texts, strict=True):
            filled = [text for text in row_texts if text]
            if len(filled) == 1 and len(filled[0]) > 15:
                # Lines of prose that their shading joined to the table below.
                start, top, end, bottom = row.bbox
                line = Printed(page.bbox[0] + start, end, bottom - top, clean(filled[0]))
                blocks.append(Block(top, line.left, line))
    for found in plain.extract_text_lines(strip=True):
        middle = (found["top"] + found["bottom"]) / 2
        if any(box[1] <= middle <= box[3] for box in boxes):
            continue
        text = clean(found["text"])
        if text and not PAGE_NUMBER.match(text):
            size = max(char["size"] for char in found["chars"])
            printed = Printed(found["x0"], found["x1"], size, text)
            blocks.append(Block(found["top"], printed.left, printed))
    blocks.sort(key=lambda block: (block.top, block.left))
    return blocks


def _tables(page: Page) -> list[Any]:
    """The ruled tables of a page; one that is open at its sides, where its lines end, is closed."""
    tables: list[Any] = page.find_tables()
    lines = [edge for edge in page.edges if edge["orientation"] == "h"]
    sides: list[dict[str, Any]] = []
    for table in tables:
        left, top, right, bottom = table.bbox
        own = [edge for edge in lines if top - SNAP <= edge["top"] <= bottom + SNAP]
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
    strokes: list[tuple[dict[str, Any], Doubt]],
) -> dict[tuple[float, ...], tuple[str, str]]:
    """The cells of a table in which more stands than plain letters: a text, and a doubt."""
    found: dict[tuple[float, ...], tuple[str, str]] = {}
    dressed = [char for char in page.chars if char.get("look") not in (None, Look.PLAIN)]
    for box in table.cells:
        for drawn, doubt in over:
            if _lies_in(drawn, box):
                found[box] = ("", doubt)
        for drawn, doubt in strokes:
            if _reaches_into(drawn, box):
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


def _reaches_into(stroke: dict[str, Any], box: tuple[float, ...]) -> bool:
    """Whether a stroke stands in a cell, and not along one of its edges."""
    left, top, right, bottom = box
    is_across = stroke["x0"] < right - _ALONG and left + _ALONG < stroke["x1"]
    is_down = stroke["top"] < bottom - _ALONG and top + _ALONG < stroke["bottom"]
    return bool(is_across and is_down)


def _overhang(char: dict[str, Any], box: tuple[float, ...]) -> float:
    """By how much a digit stands on both sides of the edge of a cell; less than 0 if it does not.

    That is, by how much it falls short of it.
    """
    left, top, right, bottom = box
    if not char["text"].isdigit() or not top <= (char["top"] + char["bottom"]) / 2 <= bottom:
        return -inf
    return max(float(min(char["x1"] - edge, edge - char["x0"])) for edge in (left, right))


def _crosses(word: dict[str, Any], box: tuple[float, ...]) -> bool:
    """Whether of letters that touch one another some stand in a cell and some beside it.

    So may those of a number that only touches the edge where it lies over another.
    """
    left, top, right, bottom = box
    if word["x1"] < left or word["x0"] > right:
        return False
    if not top <= (word["top"] + word["bottom"]) / 2 <= bottom:
        return False
    inside = {left <= (char["x0"] + char["x1"]) / 2 <= right for char in word["chars"]}
    if len(inside) == 2:
        return True
    is_overlaid = any(char["look"] is Look.OVERLAID for char in word["chars"])
    most = -_OVERHANG if is_overlaid else _OVERHANG
    return any(_overhang(char, box) > most * char["size"] for char in word["chars"])


def _shown(text: str, beside: str, doubt: str) -> tuple[str, str]:
    """What a cell shows of its plain text, and of what stands there beside it."""
    if _WRAPPED.fullmatch(text.strip()):
        return "".join(text.split()), Doubt.WRAPPED
    shown, unclear = cell_text(text)
    if not shown:
        return beside, doubt
    is_left_out = doubt in [look.value for look in LEFT_OUT]
    return shown, unclear if is_left_out else doubt or unclear
