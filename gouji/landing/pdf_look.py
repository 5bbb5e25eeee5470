"""How the letters of a PDF page are set: drawn twice, slanted, struck, raised, in no colour.

A PDF says none of this in words, only where each letter and line is drawn and how.  Distances are
in points, places from the top left corner of the page.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

from pdfminer.layout import LTChar
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from gouji.landing.shown import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfplumber.page import Page

Char = dict[str, Any]

_UNSEEN_MODES = (3, 7)  # text rendering modes that draw nothing (ISO 32000-1, 9.3.6)
_SMALLEST = 1.2  # points: smaller letters are not seen
_STAMP = 24.0  # points from which pale letters are a watermark
_THIN = 2.0  # points up to which a filled shape is a line
_NARROWEST = 0.05  # of the height of a letter: what is narrower is not seen
_TRANSPARENT = 0.1
_CLEAR = -1  # in place of the number of a shape that is not opaque
_BUCKET = 20.0
_WHITE = (1.0, 1.0, 1.0)
_ALIKE = 0.02  # by which each part of two colours may differ that the eye does not part
_RAISED_SIZE = 0.88  # of its neighbour's: browsers set a raised letter in five sixths
_BOX = (4.0, 10.0)  # points: the sides of a box to be ticked, which holds no text
_LARGEST_SHARE = 0.25  # of a page: a larger picture lies behind its text
_SHOWS_TEXT = frozenset(["Widget", "FreeText", "Stamp", "StrikeOut", "Redact", "Ink"])


def seen(page: Page) -> Any:
    """What a page draws, without the letters that it draws invisibly."""
    device = _Seen(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    _Drawing(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result()


class _Drawing(PDFPageInterpreter):
    """Follows a page's instructions, and how transparent what they draw is, which is not told."""

    def do_gs(self, name: Any) -> None:
        """Set what a named dictionary says: of it the opacity of what is filled counts."""
        states = resolve1(self.resources.get("ExtGState")) or {}
        state = resolve1(states.get(getattr(name, "name", "")))
        opacity = resolve1(state.get("ca")) if isinstance(state, dict) else None
        if isinstance(opacity, int | float):
            self.device.opacity = float(opacity)  # type: ignore[attr-defined]

    def do_q(self) -> None:
        """Keep the state, the opacity with it."""
        super().do_q()
        self.device.kept.append(self.device.opacity)  # type: ignore[attr-defined]

    def do_Q(self) -> None:  # noqa: N802 - the name of the instruction
        """Take up the state that was kept."""
        super().do_Q()
        if self.device.kept:  # type: ignore[attr-defined]
            self.device.opacity = self.device.kept.pop()  # type: ignore[attr-defined]

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 - the name of the instruction
        """Draw a form or a picture, which changes nothing for what is drawn after it."""
        device: Any = self.device
        opacity, kept = device.opacity, device.kept
        device.kept = []
        super().do_Do(xobjid_arg)
        device.opacity, device.kept = opacity, kept


class _Seen(PDFPageAggregatorWithMarkedContent):
    """Collects what a page draws in its order, without the letters that it draws invisibly."""

    drawn = 0
    opacity = 1.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept: list[float] = []  # opacities, as the states of the page are

    def tag_cur_item(self) -> None:
        """Number what was drawn last, in the attribute for marked content, which is not used."""
        self.drawn += 1
        if self.cur_item._objs:
            drawn: Any = self.cur_item._objs[-1]
            # A shape that lets through what it lies over hides nothing.
            hides = self.opacity == 1 or isinstance(drawn, LTChar)
            drawn.mcid = self.drawn if hides else _CLEAR

    def render_string(self, textstate: Any, *rest: Any) -> None:
        """Draw a string; one in an invisible mode only moves the pen."""
        drawn = len(self.cur_item)
        super().render_string(textstate, *rest)
        if getattr(textstate, "render", 0) in _UNSEEN_MODES or self.opacity <= _TRANSPARENT:
            del self.cur_item._objs[drawn:]


def look_at(page: Page) -> Page:
    """The page with its plain letters only; each of its letters is given a `look`.

    Letters that are not there for a reader have none: the second of two drawn at one place to look
    bold, those of a watermark, those too small to see.
    """
    plain: list[Char] = []
    shown = dict(zip(("x0", "top", "x1", "bottom"), page.cropbox, strict=True))
    for char in _drawn_once(page.chars):
        if char["size"] < _SMALLEST or _is_slanted(char) or _is_stamp(char) or _is_squeezed(char):
            continue
        char["look"] = Look.PLAIN
        if char["text"].isascii() and _is_turned(char):
            char["look"] = Look.TURNED
        elif not _holds(shown, char):
            char["look"] = Look.CUT
        plain.append(char)
    near = _Near(plain)
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


def lies_over(page: Page) -> Iterator[tuple[Char, bool]]:
    """What lies over the page and is no text: (its place, whether it is a form field)."""
    for note in page.annots:
        kind = str(note.get("data", {}).get("Subtype", "")).strip("/'")
        if kind in _SHOWS_TEXT:
            yield note, kind == "Widget"
    whole = float(page.width) * float(page.height)
    for image in page.images:
        if image["width"] * image["height"] < _LARGEST_SHARE * whole:
            yield image, False
    for box in filter(_is_box, page.rects):
        yield box, True
    for curve in page.curves:  # letters drawn as outlines
        if 0.5 < curve["width"] < _BUCKET and _THIN < curve["height"] < _BUCKET:
            yield curve, False


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


def _fade(page: Page, chars: list[Char]) -> None:
    """Find the letters in the colour of what lies behind them, or under a shape drawn over them.

    Such a shape is no part of a table either.
    """
    shapes = [
        shape
        for shape in [*page.rects, *page.curves]
        if shape.get("fill")
        and min(shape["width"], shape["height"]) > _THIN
        and shape.get("mcid") != _CLEAR
    ]
    near = _Near(shapes)
    for char in chars:
        colour = _colour(char)
        is_white = colour is not None and _is_alike(colour, _WHITE)
        middle = (char["top"] + char["bottom"]) / 2
        around = [shape for shape in near.at(middle) if _holds(shape, char)]
        if not around and not is_white:
            continue
        order = _order(char)
        behind = [shape for shape in around if _order(shape) < order]
        for shape in around:
            if _order(shape) >= order:
                char["look"] = shape["look"] = Look.FAINT
        if char["look"] is not Look.PLAIN:
            continue
        ground = _colour(max(behind, key=_order)) if behind else _WHITE
        is_on_picture = not behind and any(_holds(image, char) for image in page.images)
        if colour is None or ground is None or is_on_picture:
            continue
        if _is_alike(colour, ground):
            char["look"] = Look.FAINT


def _order(drawn: Char) -> int:
    return drawn.get("mcid") or 0


def _is_alike(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(part - same) <= _ALIKE for part, same in zip(one, other, strict=True))


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
