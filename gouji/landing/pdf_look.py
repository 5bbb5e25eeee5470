"""How the letters of a PDF page are set: drawn twice, slanted, struck, raised, in no colour.

A PDF says none of this in words, only where each letter and line is drawn and how.  Distances are
in points, places from the top left corner of the page.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import resolve1

from gouji.landing.pdf_drawn import CLEAR, Layers
from gouji.landing.shown import SMALLEST, Doubt, Look, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfplumber.page import Page

Char = dict[str, Any]

_STAMP = 24.0  # points from which pale letters are a watermark
_THIN = 2.0  # points up to which a filled shape is a line
_NARROWEST = 0.05  # of the height of a letter: what is narrower is not seen
_BUCKET = 20.0
_WHITE = (1.0, 1.0, 1.0)
_RAISED_SIZE = 0.88  # of its neighbour's: browsers set a raised letter in five sixths
_BOX = (4.0, 10.0)  # points: the sides of a box to be ticked, which holds no text
_LARGEST_SHARE = 0.25  # of a page: a larger picture lies behind its text
_LEVEL = 0.15  # of a letter's size, by which those of one line may stand higher or lower
_NUMBER = 6  # sizes of a letter, as wide as a number of the form is at most
_TOUCHING = 0.1  # of a letter's size, between two of one number
_SHOWS_TEXT = frozenset(
    ["Widget", "FreeText", "Stamp", "StrikeOut", "Redact", "Ink", "Line", "PolyLine"]
)
_FILLED = frozenset(["Square", "Circle", "Polygon"])  # notes that cover what is under them, if so
_NOT_VIEWED = 0b100010  # flags of a note that is hidden or only printed (ISO 32000-1, 12.5.3)


def look_at(page: Page) -> Page:
    """The page with its plain letters only; each of its letters is given a `look`.

    Letters that are not there for a reader have none: the second of two drawn at one place to look
    bold, those of a watermark, those too small to see.
    """
    plain: list[Char] = []
    for char in _drawn_once(page.chars):
        if char["size"] <= SMALLEST or _is_slanted(char) or _is_stamp(char) or _is_squeezed(char):
            continue
        char["look"], char["clip"] = char["tag"]
        if char["text"].isascii() and _is_turned(char):
            char["look"] = Look.TURNED
        plain.append(char)
    near = _Near(plain)
    _cut(plain, near)
    _part(plain, near)
    _fade(page, plain)
    _strike(page, near)
    _raise(plain, near)
    return page.filter(_is_plain)


def _is_plain(drawn: Char) -> bool:
    if drawn["object_type"] == "char":
        return drawn.get("look") is Look.PLAIN
    return not _is_box(drawn) and drawn.get("look") is not Look.FAINT


def _is_box(drawn: Char) -> bool:
    least, most = _BOX
    is_small = least <= drawn["width"] <= most and least <= drawn["height"] <= most
    return is_small and drawn["object_type"] in ("rect", "curve")


def lies_over(page: Page) -> Iterator[tuple[Char, Doubt]]:
    """What lies over the page and is no text: its place, and what it leaves in doubt."""
    layers = Layers(page.pdf.doc)
    for note in page.annots:
        data = note.get("data", {})
        kind = str(data.get("Subtype", "")).strip("/'")
        flags = resolve1(data.get("F"))
        is_viewed = not (isinstance(flags, int) and flags & _NOT_VIEWED)
        if not is_viewed or layers.look(data.get("OC")) is Look.UNSEEN:
            continue
        if kind in _SHOWS_TEXT or (kind in _FILLED and resolve1(data.get("IC"))):
            yield note, Doubt.FIELD if kind == "Widget" else Doubt.PICTURE
    whole = float(page.width) * float(page.height)
    for image in page.images:
        if image["width"] * image["height"] < _LARGEST_SHARE * whole:
            yield image, Doubt.PICTURE
    for box in filter(_is_box, page.rects):
        yield box, Doubt.FIELD
    for curve in page.curves:  # letters drawn as outlines
        if 0.5 < curve["width"] < _BUCKET and _THIN < curve["height"] < _BUCKET:
            yield curve, Doubt.PICTURE
    for line in page.lines:
        if min(line["width"], line["height"]) > _BOX[0]:  # aslant
            yield line, Doubt.OVERLAID


def _drawn_once(chars: list[Char]) -> Iterator[Char]:
    """The letters without those drawn again at nearly the same place."""
    seen: dict[tuple[str, bool, int, int], list[Char]] = defaultdict(list)
    for char in chars:
        near = max(1.0, min(0.15 * char["size"], 0.45 * char["width"]))
        across, down = int(char["x0"] // _BUCKET), int(char["top"] // _BUCKET)
        key = char["text"], char["upright"]
        around = (
            other
            for right, below in product((-1, 0, 1), repeat=2)
            for other in seen.get((*key, across + right, down + below), ())
        )
        if not char["text"].isspace() and any(
            abs(other["x0"] - char["x0"]) <= near and abs(other["top"] - char["top"]) <= near
            for other in around
        ):
            continue
        seen[*key, across, down].append(char)
        yield char


def _is_slanted(char: Char) -> bool:
    """Whether a letter is turned, and not by a quarter of a circle."""
    a, b, *_ = char["matrix"]
    return bool(abs(b) > 0.05 * abs(a) and abs(a) > 0.05 * abs(b))


def _is_turned(char: Char) -> bool:
    """Whether a letter is turned by a quarter of a circle or more, or stands in a mirror."""
    a, _, _, d, *_ = char["matrix"]
    return bool(a <= 0 or d <= 0)


def _is_squeezed(char: Char) -> bool:
    """Whether a letter is too narrow to be seen."""
    return bool(char["text"].isalnum() and char["width"] < _NARROWEST * char["size"])


def _colour(drawn: Char) -> tuple[float, float, float] | None:
    """The colour that something is filled with, as shares of red, green and blue; if known."""
    colour = drawn.get("non_stroking_color")
    space = str(drawn.get("ncs") or "").strip("/'")
    if space in ("Separation", "DeviceN", "Pattern", "Indexed", "Lab"):
        return None
    if isinstance(colour, int | float):
        colour = (colour,)
    if not isinstance(colour, tuple | list) or not all(
        isinstance(part, int | float) for part in colour
    ):
        return None
    if len(colour) == 1:
        return (float(colour[0]),) * 3
    if len(colour) == 3:
        return float(colour[0]), float(colour[1]), float(colour[2])
    if len(colour) == 4:
        cyan, magenta, yellow, black = map(float, colour)
        return tuple((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))  # type: ignore[return-value]
    return None


def _is_stamp(char: Char) -> bool:
    """Whether a letter is large and pale, as those of a watermark that is not slanted are."""
    if char["size"] < _STAMP:
        return False
    colour = _colour(char)
    return colour is not None and min(colour) > 0.6


def _cut(chars: list[Char], near: _Near) -> None:
    """Find the letters of which others that are not seen are a part: a number clipped within.

    The rest may stand beside them, or on the next line of what the same clip shows.
    """
    for char in chars:
        if char["look"] is not Look.UNSEEN or char["text"].isspace():
            continue
        size, middle = char["size"], (char["top"] + char["bottom"]) / 2
        for other in near.at(middle):
            gap = max(other["x0"] - char["x1"], char["x0"] - other["x1"])
            is_beside = other["top"] <= middle <= other["bottom"]
            if is_beside and other["look"] is Look.PLAIN and gap <= _TOUCHING * size:
                other["look"] = Look.CUT
        for height in (middle - size, middle, middle + size) if char["text"].isdigit() else ():
            for other in near.at(height):
                if other["look"] is Look.PLAIN and _is_with(char, other):
                    other["look"] = Look.CUT


def _is_with(char: Char, other: Char) -> bool:
    """Whether a digit stands near another under the same clip."""
    down, across = other["bottom"] - char["bottom"], other["x0"] - char["x0"]
    is_near = abs(down) < 2 * char["size"] and abs(across) < _NUMBER * char["size"]
    is_digit = bool(other["text"].isdigit())
    return is_digit and is_near and bool(other["clip"] == char["clip"])


def _part(chars: list[Char], near: _Near) -> None:
    """Find the digits that lie over others, or stand beside others as large on another line."""
    digits = [char for char in chars if char["text"].isdigit()]
    for char in digits:
        size, middle = char["size"], (char["top"] + char["bottom"]) / 2
        for other in near.at(middle):
            is_as_large = _RAISED_SIZE * size < other["size"] < size / _RAISED_SIZE
            if other is char or not is_as_large or not other["text"].isdigit():
                continue
            if not other["top"] < middle < other["bottom"]:
                continue
            common = min(char["x1"], other["x1"]) - max(char["x0"], other["x0"])
            is_level = abs(other["bottom"] - char["bottom"]) < _LEVEL * size
            if common > (0.5 * char["width"] if is_level else -_TOUCHING * size):
                char["look"] = other["look"] = Look.OVERLAID


def _fade(page: Page, chars: list[Char]) -> None:
    """Find the letters in the colour of what lies behind them, or under a shape drawn over them.

    Such a shape is no part of a table either.
    """
    shapes = [
        shape
        for shape in [*page.rects, *page.curves]
        if shape.get("fill")
        and min(shape["width"], shape["height"]) > _THIN
        and shape.get("mcid") != CLEAR
    ]
    near = _Near([*shapes, *filter(_is_opaque, page.images)])
    for char in chars:
        colour = _colour(char)
        is_white = colour is not None and is_alike(colour, _WHITE)
        middle = (char["top"] + char["bottom"]) / 2
        around = [shape for shape in near.at(middle) if _holds(shape, char)]
        if not around and not is_white:
            continue
        order = _order(char)
        behind = [
            shape for shape in around if _order(shape) < order and shape["object_type"] != "image"
        ]
        for shape in around:
            if _order(shape) >= order:
                char["look"] = shape["look"] = Look.FAINT
        if char["look"] is not Look.PLAIN:
            continue
        ground = _colour(max(behind, key=_order)) if behind else _WHITE
        is_on_picture = not behind and any(_holds(image, char) for image in page.images)
        if colour is None or ground is None or is_on_picture:
            continue
        if is_alike(colour, ground):
            char["look"] = Look.FAINT


def _is_opaque(image: Char) -> bool:
    """Whether a picture hides what it lies over."""
    mask = any(image["stream"].get(name) is not None for name in ("SMask", "Mask"))
    return not mask and not image.get("imagemask") and image.get("mcid") != CLEAR


def _order(drawn: Char) -> int:
    return drawn.get("mcid") or 0


def _holds(shape: Char, char: Char) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    is_across: bool = shape["x0"] <= across <= shape["x1"]
    return is_across and bool(shape["top"] <= down <= shape["bottom"])


class _Near:
    """Finds letters or shapes by their height on the page."""

    def __init__(self, chars: list[Char]) -> None:
        self.rows: dict[int, list[Char]] = defaultdict(list)
        for char in chars:
            for row in range(int(char["top"] // _BUCKET), int(char["bottom"] // _BUCKET) + 1):
                self.rows[row].append(char)

    def at(self, height: float) -> list[Char]:
        """What may stand at a height."""
        return self.rows.get(int(height // _BUCKET), [])


def _strike(page: Page, near: _Near) -> None:
    """Find the letters through whose middle a line goes that is no longer than they are."""
    for line in [*page.lines, *page.rects]:
        if line["height"] > _THIN or line["width"] <= _THIN:
            continue
        height = (line["top"] + line["bottom"]) / 2
        through = [
            char
            for char in near.at(height)
            if line["x0"] - 1 <= (char["x0"] + char["x1"]) / 2 <= line["x1"] + 1
            and 0.25 <= (height - char["top"]) / (char["bottom"] - char["top"] or 1) <= 0.8
            and char["upright"]
        ]
        if not through:
            continue
        size = max(char["size"] for char in through)
        if (
            min(char["x0"] for char in through) - line["x0"] <= size
            and line["x1"] - max(char["x1"] for char in through) <= size
        ):
            for char in through:
                char["look"] = Look.STRUCK


def _raise(chars: list[Char], near: _Near) -> None:
    """Find the letters that stand small, and above or below the line of a larger neighbour."""
    if not chars:
        return
    largest = max(char["size"] for char in chars)
    for char in chars:
        if char["size"] > _RAISED_SIZE * largest or char["look"] is not Look.PLAIN:
            continue
        for row in {char["top"], char["bottom"]}:
            if any(_is_raised(char, other) for other in near.at(row)):
                char["look"] = Look.RAISED
                break


def _is_raised(char: Char, other: Char) -> bool:
    size = other["size"]
    return (
        char["size"] <= _RAISED_SIZE * size
        and not other["text"].isspace()
        and -0.5 * size <= char["x0"] - other["x1"] <= size
        and min(char["bottom"], other["bottom"]) - max(char["top"], other["top"]) > 0
        and abs(char["bottom"] - other["bottom"]) >= 0.15 * size
    )
