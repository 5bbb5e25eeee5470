"""Scans to the grid model: tables from the ruled lines of a picture, their cells by an engine.

No cell is read that can be read in two ways.  A cell without ink is blank; one in which there is
ink is read twice, alone and three times in a row, and landed where both agree, the engine is sure
and the pieces of ink are as many as the digits.  Whatever else stands in it makes it `?`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps, ImageSequence

from gouji.landing.grid import Document, Refused, clean
from gouji.landing.ruled import PAGE_NUMBER, Block, Printed, join, ruled_table
from gouji.landing.scan_engine import engine
from gouji.landing.scan_page import DOTS, Mark, ScannedPage, is_struck, marks, scanned_page
from gouji.landing.shown import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Picture = NDArray[Any]

MAX_PIXELS = 60_000_000  # of a picture
MAX_PAGES = 60
SURE = 0.9  # of 1: a cell of which the engine is less sure is `?`
SURE_OF_WORDS = 0.5
SURE_THRICE = 0.5  # of what is set three times in a row, as no page is
_LARGEST = 160  # dots: larger pieces of ink are pictures, not letters
_LONGEST = 900  # dots of a line that is read in one
_BETWEEN = 5  # dots between two letters
_INSET = 4  # dots by which a cell is smaller than the box of its rules
_MARGIN = 10  # dots of paper around a line of letters
_LOWEST_LINE = 16  # dots: what is lower is a dash or a dot, and no line by itself
_LOW = 0.6  # of the tallest line of a cell or page: what is lower may be part of a letter
_THICKEST = 8  # dots of a line below letters
_SQUARE = 4.0  # as many times as wide as high: a longer text is read in one
_LEANING = 0.28  # of its height by which a stroke leans that is no 1
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
_DASHES = str.maketrans(dict.fromkeys("—–－−‑─ー", "-"))
_LOOKALIKES = str.maketrans("lI|oO", "11100")  # three times in a row, where digits look like words
_WORDS = re.compile("[\u4e00-\u9fff]{2,}")
_WORD = re.compile("无")
_SIGNS = frozenset(["-", "--", "/"])


def read_picture(data: bytes) -> Document:
    """Read pictures of pages: PNG, JPEG, TIFF with all its pages.

    Raises `Refused` for pictures that are too large, or none; and where the engine is missing.
    """
    document = Document(is_scan=True)
    blocks: list[Block] = []
    for number, picture in enumerate(_pictures(data), start=1):
        blocks += page_blocks(picture, number)
    join(document, blocks)
    if not document.blocks:
        raise Refused("it is a picture in which no text is found")
    return document


def rendered(data: bytes, number: int) -> Picture:
    """A page of a PDF file, counted from 1, as a picture of 300 dots an inch."""
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[number - 1]
        width, height = page.get_size()
        share = min(DOTS, (MAX_PIXELS / 4 / max(1.0, width * height)) ** 0.5)
        return np.array(page.render(scale=share, may_draw_forms=False).to_pil().convert("RGB"))


def _pictures(data: bytes) -> Iterator[Picture]:
    with Image.open(io.BytesIO(data)) as opened:
        if getattr(opened, "n_frames", 1) > MAX_PAGES:
            raise Refused(f"it has more than {MAX_PAGES} pages")
        for frame in ImageSequence.Iterator(opened):
            if frame.width * frame.height > MAX_PIXELS:
                raise Refused(f"a page of it has more than {MAX_PIXELS / 1e6:,.0f} million dots")
            upright = ImageOps.exif_transpose(frame)
            if "A" in upright.getbands() or "transparency" in upright.info:
                upright = upright.convert("RGBA")
                paper = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(paper, upright)
            yield np.array(upright.convert("RGB"))


def page_blocks(picture: Picture, number: int) -> list[Block]:
    """The tables and lines of print of a page, counted from 1, from top to bottom."""
    page = scanned_page(picture)
    blocks: list[Block] = []
    for count, table in enumerate(page.tables, start=1):
        place = f"page {number} table {count}"
        ruled = ruled_table(table, place, number, _cells(page, table.cells))
        blocks.append(Block(table.bbox[1], ruled.left, ruled))
        left, top, right, bottom = (round(edge * DOTS) for edge in table.bbox)
        page.ink[top:bottom, left:right] = False
    blocks += _prose(page)
    return sorted(blocks, key=lambda block: block.top)


def _prose(page: ScannedPage) -> Iterator[Block]:
    """The lines of print of a page whose tables have been taken out."""
    height, width = page.ink.shape
    pieces = [
        mark
        for mark in marks(page, (0, 0, width, height))
        if mark.bottom - mark.top <= _LARGEST and mark.right - mark.left <= _LARGEST
    ]
    rows = [row for row in _in_rows(pieces) if _height(row) >= _LOWEST_LINE]
    lines = [[_Line(page, part) for part in _parts(row)] for row in rows]
    pictures = [part.picture for line in lines for part in line]
    said = iter(engine().read(pictures))
    for row, line in zip(rows, lines, strict=True):
        parts = [next(said) for _ in line]
        text = clean("".join(part for part, _ in parts))
        sureness = min(sureness for _, sureness in parts)
        if not text or PAGE_NUMBER.match(text) or sureness < SURE_OF_WORDS:
            continue
        if sureness < SURE:
            text = re.sub(r"\d", "?", text)  # no figure of the prose is taken from it
        left, right = row[0].left / DOTS, max(mark.right for mark in row) / DOTS
        printed = Printed(left, right, _height(row) / DOTS, text)
        yield Block(_top(row) / DOTS, left, printed)


def _parts(row: Sequence[Mark]) -> Iterator[list[Mark]]:
    """The pieces of a long line, parted between letters: a model reads short lines best."""
    part: list[Mark] = []
    for mark in row:
        end = max((one.right for one in part), default=mark.left)
        is_long = part and mark.left - part[0].left > _LONGEST
        if is_long and mark.left - end >= _BETWEEN:
            yield part
            part = []
        part.append(mark)
    if part:
        yield part


class _Line:
    """A line of letters in a cell: its pieces of ink, its picture, what it is read as."""

    def __init__(self, page: ScannedPage, own: list[Mark]) -> None:
        self.marks = _without_underline(own)
        self.is_underlined = len(self.marks) < len(own)
        self.picture, self.ink = _cut_out(page, self.marks)
        self.picture_underlined, _ = _cut_out(page, own)
        high, wide = self.ink.shape
        self.is_short = wide < _SQUARE * max(high, _LOWEST_LINE)
        self.text, self.sureness = "", 0.0
        self.thrice, self.sureness_thrice = "", 0.0
        self.underlined = ""  # what it is read as with its underline, which may be part of a digit


def _cut_out(page: ScannedPage, own: Sequence[Mark]) -> tuple[Picture, Picture]:
    """The picture of a line with paper around it, and its ink."""
    left, top = min(m.left for m in own), min(m.top for m in own)
    right, bottom = max(m.right for m in own), max(m.bottom for m in own)
    inner = page.letters[top:bottom, left:right]
    # A dash or a dot keeps its place in a line of the usual height.
    above = max(_MARGIN, (3 * _LOWEST_LINE - (bottom - top)) // 2)
    sides = ((above, above), (_MARGIN, _MARGIN))
    picture = np.pad(inner, sides, constant_values=page.paper)
    return picture, page.ink[top:bottom, left:right]


def _cells(page: ScannedPage, boxes: Sequence[Any]) -> dict[Any, tuple[str, str, float]]:
    """What each cell shows, what makes it doubtful, how sure the engine is of it."""
    lines: dict[Any, list[_Line]] = {}
    struck: set[Any] = set()
    for box in boxes:
        left, top, right, bottom = (round(edge * DOTS) for edge in box)
        if is_struck(page, (left, top, right, bottom)):
            struck.add(box)
        inside = (left + _INSET, top + _INSET, right - _INSET, bottom - _INSET)
        lines[box] = [_Line(page, own) for own in _in_rows(marks(page, inside))]
    every = [line for own in lines.values() for line in own]
    for line, (text, sureness) in zip(
        every, engine().read([line.picture for line in every]), strict=True
    ):
        line.text, line.sureness = text.strip(), sureness
    again = [line for line in every if line.is_short or not _WORDS.search(line.text)]
    thrice = [np.tile(line.picture, (1, 3)) for line in again]
    for line, (text, sureness) in zip(again, engine().read(thrice), strict=True):
        line.thrice, line.sureness_thrice = "".join(text.split()), sureness
    underlined = [line for line in every if line.is_underlined]
    whole = engine().read([line.picture_underlined for line in underlined])
    for line, (text, _) in zip(underlined, whole, strict=True):
        line.underlined = text.strip(" _")
    return {box: _read(own, is_struck=box in struck) for box, own in lines.items()}


def _in_rows(pieces: Sequence[Mark]) -> list[list[Mark]]:
    """The pieces of ink of a cell in the lines that they make, from top to bottom."""
    rows: list[list[Mark]] = []
    bottom = -1
    for piece in sorted(pieces, key=lambda mark: mark.top):
        if rows and piece.top < bottom:
            rows[-1].append(piece)
            bottom = max(bottom, piece.bottom)
        else:
            rows.append([piece])
            bottom = piece.bottom
    return _with_low_rows(rows)


def _with_low_rows(rows: list[list[Mark]]) -> list[list[Mark]]:
    """Rows of which those that are too low for letters, as in 三, go with the nearest."""
    tallest = max(map(_height, rows), default=0)
    lowest = max(_LOWEST_LINE, min(2 * _LOWEST_LINE, _LOW * tallest))
    while len(rows) > 1:
        low = next((at for at, row in enumerate(rows) if _height(row) < lowest), None)
        if low is None:
            break
        gaps = {
            other: max(
                _top(rows[low]) - _bottom(rows[other]), _top(rows[other]) - _bottom(rows[low])
            )
            for other in (low - 1, low + 1)
            if 0 <= other < len(rows)
        }
        nearest = min(gaps, key=gaps.__getitem__)
        first, second = sorted((low, nearest))
        rows[first : second + 1] = [rows[first] + rows[second]]
    return [sorted(row) for row in rows]


def _without_underline(row: list[Mark]) -> list[Mark]:
    """The letters of a line without a stroke that lies below all of them, from first to last."""
    letters = [mark for mark in row if mark.bottom - mark.top >= _LOWEST_LINE]
    if not letters:
        return row
    left, right = letters[0].left + _BETWEEN, max(mark.right for mark in letters) - _BETWEEN
    bottom, lowest = _bottom(letters), _bottom(letters) + _height(letters) // 2

    def is_underline(mark: Mark) -> bool:
        return (
            mark.bottom - mark.top <= _THICKEST
            and bottom <= mark.top <= lowest
            and mark.left <= left
            and mark.right >= right
        )

    return [mark for mark in row if not is_underline(mark)]


def _top(row: Sequence[Mark]) -> int:
    return min(mark.top for mark in row)


def _bottom(row: Sequence[Mark]) -> int:
    return max(mark.bottom for mark in row)


def _height(row: Sequence[Mark]) -> int:
    return _bottom(row) - _top(row)


def _read(lines: Sequence[_Line], *, is_struck: bool) -> tuple[str, str, float]:
    """What a cell of such lines shows, its doubt, and how sure the engine is."""
    if not lines:
        return "", Doubt.UNSURE if is_struck else "", 1.0
    text = clean("".join(line.text for line in lines))
    if _WORDS.search(text) or any(_WORDS.search(line.text) for line in lines):
        sureness = min(line.sureness for line in lines)
        return text, "" if sureness >= SURE_OF_WORDS else Doubt.UNSURE, sureness
    (line, *more) = lines
    sureness = line.sureness
    text = _plain(text)
    is_read = (
        not (more or is_struck) and sureness >= SURE and _agrees(line) and _is_as_drawn(line, text)
    )
    return text, "" if is_read else Doubt.UNSURE, sureness


def _agrees(line: _Line) -> bool:
    """Whether a line is read the same alone, three times in a row, and with its underline."""
    text, thrice = _plain(line.text), _plain(line.thrice).translate(_LOOKALIKES)
    if line.is_underlined and _plain(line.underlined) != text:
        return False
    return line.sureness_thrice >= SURE_THRICE and thrice == text * 3


def _plain(text: str) -> str:
    """A text without spaces, its characters in their usual width, all dashes the same."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_DASHES)


def _is_as_drawn(line: _Line, text: str) -> bool:
    """Whether the pieces of ink can be what a text is: digits hang together, each in one."""
    if _WORD.fullmatch(text):
        return True
    if text in _SIGNS:
        return _is_sign(line, text)
    if not _NUMBER.fullmatch(text):
        return False
    tall = [mark for mark in line.marks if mark.bottom - mark.top > _LOWEST_LINE]
    apart = _merged([(mark.left, mark.right) for mark in tall])
    digits = [char for char in text if char.isdigit()]
    if "%" in text or len(apart) != len(digits):
        return False
    left = min(mark.left for mark in line.marks)
    upright = (
        char != "1" or not _leans(line.ink[:, start - left : end - left])
        for char, (start, end) in zip(digits, apart, strict=True)
    )
    signs = len([char for char in text if char in "+-.,"])
    return all(upright) and len(line.marks) - len(tall) == signs


def _is_sign(line: _Line, text: str) -> bool:
    """Whether a dash is flat and a stroke leans."""
    if text == "/":
        return len(line.marks) == 1 and _leans(line.ink)
    return all(mark.bottom - mark.top < (mark.right - mark.left) / 2 for mark in line.marks)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans from left to right, of which those that overlap by half are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and min(end, merged[-1][1]) - start > (end - start) / 2:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _leans(ink: Picture) -> bool:
    """Whether a stroke leans to the right, as / does and 1 does not."""
    down, across = np.nonzero(ink)
    height = ink.shape[0]
    upper, lower = across[down < height / 3], across[down >= 2 * height / 3]
    if not len(upper) or not len(lower):
        return True
    return bool(upper.mean() - lower.mean() > _LEANING * height)
