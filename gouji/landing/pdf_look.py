"""How the letters of a PDF page are set: drawn twice, slanted, struck, raised, in no colour.

A PDF says none of this in words, only where each letter and line is drawn and how.  Distances are
in points, places from the top left corner of the page.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import resolve1

from gouji.landing.pdf_drawn import CLEAR, SHADING, Layers
from gouji.landing.shown import SMALLEST, WHITE, Doubt, Look, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfplumber.page import Page

Char = dict[str, Any]
_Paint = tuple[float, float, float] | None  # shares of red, green and blue; None if not known

_STAMP = 24.0  # points from which pale letters are a watermark
_PALE = 0.6  # of white
_FILLED_MODES, _OUTLINED_MODES = (0, 4), (1, 5)  # in which letters are drawn (ISO 32000-1, 9.3.6)
_THIN = 2.0  # points up to which a filled shape is a line
_NARROWEST = 0.05  # of the height of a letter: what is narrower is not seen
_BUCKET = 20.0
_RAISED_SIZE = 0.88  # of its neighbour's: browsers set a raised letter in five sixths
_BOX = (4.0, 10.0)  # points: the sides of a box to be ticked, which holds no text
_LARGEST_SHARE = 0.25  # of a page: a larger picture lies behind its text
_NOTE = 0.25  # of a letter's size, by which a note mark stands higher at least
_BELOW = 0.4  # of a letter's size, down to which a line underlines it
_LINE = 6.0  # points above a line, where the letters are that it underlines
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
        _, char["clip"], char["mode"], char["base"] = char["tag"]
        if char["size"] <= SMALLEST or _is_slanted(char) or _is_stamp(char) or _is_squeezed(char):
            continue
        char["look"], *_ = char["tag"]
        if char["text"].isascii() and _is_turned(char):
            char["look"] = Look.TURNED
        plain.append(char)
    near = _Near(plain)
    _cut(plain, near)
    _part(plain, near)
    _fade(page, plain)
    strokes = list(_strokes(page))
    _strike(strokes, near)
    _frame(strokes, near)
    _raise(page, plain, near)
    return page.filter(_is_plain)


def shown(page: Page, plain: Page) -> Page:
    """The page with its plain letters, and those that lie over others."""
    if any(char.get("look") is Look.OVERLAID for char in page.chars):
        return page.filter(lambda char: char.get("look") in (Look.PLAIN, Look.OVERLAID))
    return plain


def _is_plain(drawn: Char) -> bool:
    if drawn["object_type"] == "char":
        return drawn.get("look") is Look.PLAIN
    is_part_of_a_table = not _is_box(drawn) and drawn.get("tag") != SHADING
    return is_part_of_a_table and drawn.get("look") is not Look.FAINT


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


def _colour(drawn: Char) -> _Paint:
    """The colour that something is filled with."""
    return _shares(drawn.get("non_stroking_color"))


def _colours(char: Char) -> list[_Paint]:
    """The colours of a letter: its own, or that of its outlines, or both."""
    outlines = _shares(char.get("stroking_color"))
    if char["mode"] in _FILLED_MODES:
        return [_colour(char)]
    return [outlines] if char["mode"] in _OUTLINED_MODES else [_colour(char), outlines]


def _shares(colour: Any) -> _Paint:
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
    return _is_pale(char)


def _is_pale(char: Char) -> bool:
    return all(colour is not None and min(colour) > _PALE for colour in _colours(char))


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
    """Find the digits that lie over others or over a larger letter.

    So are those that stand beside others as large on another line.
    """
    for char in filter(_is_digit, chars):
        size, middle = char["size"], (char["top"] + char["bottom"]) / 2
        left, right = char["x0"] - _TOUCHING * size, char["x1"] + _TOUCHING * size
        for other in near.at(middle):
            if other["x1"] <= left or right <= other["x0"] or other is char:
                continue
            if other["top"] < middle < other["bottom"] and _lies_over(char, other):
                char["look"] = Look.OVERLAID
                if _is_digit(other):
                    other["look"] = Look.OVERLAID


def _lies_over(char: Char, other: Char) -> bool:
    """Whether a digit near a letter lies over it, or beside a digit as large on another line."""
    size = char["size"]
    is_over = min(char["x1"], other["x1"]) - max(char["x0"], other["x0"]) > 0.5 * min(
        char["width"], other["width"]
    )
    if _RAISED_SIZE * size < other["size"] < size / _RAISED_SIZE:
        is_level = abs(other["bottom"] - char["bottom"]) < _LEVEL * size
        return _is_digit(other) and (is_over or not is_level)
    return bool(other["size"] > size and is_over and not other["text"].isspace())


def _is_digit(char: Char) -> bool:
    return bool(char["text"].isdigit())


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
        colours = _colours(char)
        is_plain = all(colour is not None and not is_alike(colour, WHITE) for colour in colours)
        middle = (char["top"] + char["bottom"]) / 2
        around = [shape for shape in near.at(middle) if _holds(shape, char)]
        if not around and is_plain:
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
        for shape in behind:
            shape.setdefault("look", Look.PLAIN)
        ground = _colour(max(behind, key=_order)) if behind else WHITE
        if behind or not any(_holds(image, char) for image in page.images):
            char["look"] = _on(ground, colours, char)


def _on(ground: _Paint, colours: list[_Paint], char: Char) -> Look:
    """How a letter of such colours shows on a ground; of numbers it must be known."""
    if ground is None or None in colours:
        return Look.UNTOLD if char["text"].isdigit() else Look.PLAIN
    is_faint = all(colour is not None and is_alike(colour, ground) for colour in colours)
    return Look.FAINT if is_faint else Look.PLAIN


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


def _strike(strokes: list[Char], near: _Near) -> None:
    """Find the letters through whose middle a line goes that is no longer than they are.

    A line has a look too then, as one that underlines letters has: it is a part of the text.  One
    that is longer than what it strikes, or a dash among others, leaves in doubt what that is.
    """
    for line in strokes:
        if line["height"] > _THIN:
            continue
        height, middle = (line["top"] + line["bottom"]) / 2, (line["x0"] + line["x1"]) / 2
        through = [
            char
            for char in near.at(height)
            if char["x0"] < line["x1"] + 1
            and line["x0"] - 1 < char["x1"]
            and 0.25 <= (height - char["top"]) / (char["bottom"] - char["top"] or 1) <= 0.8
            and (
                line["x0"] - 1 <= (char["x0"] + char["x1"]) / 2 <= line["x1"] + 1
                or char["x0"] < middle < char["x1"]
            )
            and char["upright"]
        ]
        if not through:
            if line["width"] < _BUCKET and _underlines(line, near):
                line["look"] = Look.PLAIN
            continue
        size = max(char["size"] for char in through)
        if (
            line["width"] > _THIN
            and min(char["x0"] for char in through) - line["x0"] <= size
            and line["x1"] - max(char["x1"] for char in through) <= size
        ):
            for char in (line, *through):
                char["look"] = Look.STRUCK
        elif any(map(_is_digit, through)):
            line["look"] = Look.OVERLAID


def _strokes(page: Page) -> Iterator[Char]:
    """What is drawn thin: lines, and all that may be a stroke of a letter."""
    for line in [*page.lines, *page.rects, *page.curves]:
        least, most = sorted((line["width"], line["height"]))
        if least <= _THIN or (least < _BOX[0] and most < _BUCKET):
            yield line


def _underlines(line: Char, near: _Near) -> bool:
    """Whether letters stand on a line, or close above it."""
    return any(
        char["x0"] < line["x1"]
        and line["x0"] < char["x1"]
        and 0.8 * (char["bottom"] - char["top"]) < line["top"] - char["top"]
        and line["bottom"] - char["bottom"] < _BELOW * char["size"]
        for height in {line["top"], line["top"] - _LINE}
        for char in near.at(height)
    )


def _frame(strokes: list[Char], near: _Near) -> None:
    """Find the sides of frames round letters: pairs of strokes higher than what they enclose."""
    pairs: dict[tuple[int, int], list[Char]] = defaultdict(list)
    for stroke in strokes:
        if _THIN < stroke["height"] < _BUCKET:
            pairs[round(stroke["top"]), round(stroke["bottom"])].append(stroke)
    for sides in pairs.values():
        sides.sort(key=lambda side: float(side["x0"]))
        for left, right in pairwise(sides):
            if any(
                left["x0"] - 1 < char["x0"]
                and char["x1"] < right["x1"] + 1
                and left["top"] < char["top"] + _LEVEL * char["size"]
                and char["bottom"] - _LEVEL * char["size"] < left["bottom"]
                for char in near.at((left["top"] + left["bottom"]) / 2)
            ):
                left["look"] = right["look"] = Look.PLAIN


def stands_in(page: Page) -> Iterator[tuple[Char, Doubt]]:
    """The strokes that stand among letters, if not along the edges of cells: what they leave open.

    A short one may be all of a letter (1), a sign (-) or a part of one.
    """
    strokes = list(_strokes(page))
    sides = [one for one in strokes if one["height"] > _THIN and one.get("look") is Look.PLAIN]
    for stroke in strokes:
        look = stroke.get("look")
        if look is Look.OVERLAID:
            yield stroke, Doubt.OVERLAID
        elif (
            look is None
            and max(stroke["width"], stroke["height"]) < _BUCKET
            and not _is_white(stroke)
            and not any(_closes(stroke, side) for side in sides)
        ):
            yield stroke, Doubt.PICTURE


def _is_white(stroke: Char) -> bool:
    drawn_in = "stroking_color" if stroke.get("stroke") else "non_stroking_color"
    colour = _shares(stroke.get(drawn_in))
    return colour is not None and is_alike(colour, WHITE)


def _closes(line: Char, side: Char) -> bool:
    """Whether a line ends at the end of a side of a frame."""
    across = min(abs(line["x0"] - side["x0"]), abs(line["x1"] - side["x0"]))
    down = min(abs(line["top"] - side["top"]), abs(line["top"] - side["bottom"]))
    return bool(line["height"] <= _THIN and max(across, down) <= 1)


def _raise(page: Page, chars: list[Char], near: _Near) -> None:
    """Find the letters that stand small, and above or below the line of a larger neighbour."""
    if not chars:
        return
    largest = max(char["size"] for char in chars)
    for char in chars:
        if char["size"] > _RAISED_SIZE * largest or char["look"] is not Look.PLAIN:
            continue
        looks = {
            _beside(char, other, page)
            for row in {char["top"], char["bottom"]}
            for other in near.at(row)
            if char["size"] <= _RAISED_SIZE * other["size"]
        }
        for look in (Look.OVERLAID, Look.RAISED):
            if look in looks:
                char["look"] = look
                break


def _beside(char: Char, other: Char, page: Page) -> Look:
    """How a letter is set beside a larger one: as a note mark, or a digit so that it may be one.

    A note mark stands well above the line, behind what it is set to or before a number.  A larger
    letter that is paler belongs to something else.
    """
    size = other["size"]
    off = char["base"] - other["base"]
    if abs(off) < _LEVEL * size or other["text"].isspace():
        return Look.PLAIN
    if min(char["bottom"], other["bottom"]) <= max(char["top"], other["top"]):
        return Look.PLAIN
    is_digit = _is_digit(char)
    is_before = is_digit and _is_digit(other) and char["x0"] < other["x0"]
    left, right = (char["x1"], other["x0"]) if is_before else (other["x1"], char["x0"])
    if not -0.5 * size <= right - left <= size or _is_parted(page, left, right, char):
        return Look.PLAIN
    is_note = off >= _NOTE * size and (not _is_pale(other) or _is_pale(char))
    return Look.RAISED if is_note or not is_digit else Look.OVERLAID


def _is_parted(page: Page, left: float, right: float, char: Char) -> bool:
    """Whether an upright line goes down between two places, one on each side of it."""
    middle = (char["top"] + char["bottom"]) / 2
    return any(
        min(left, right) - 0.5 <= side <= max(left, right) + 0.5
        for line in [*page.lines, *page.rects]
        if line["top"] <= middle <= line["bottom"]
        for side in (line["x0"], line["x1"])
    )
