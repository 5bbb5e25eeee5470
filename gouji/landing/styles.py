"""What the styles of a page do to what stands in it: hide it, strike it, raise it, make it faint.

Only declarations that can do so are looked at.  What a declaration does that cannot be followed is
in doubt.  What a sheet elsewhere does is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.landing.shown import SMALLEST, SYMBOL_FONTS, WHITE, is_alike
from gouji.landing.style_values import (
    CLEAR,
    MEDIUM,
    NO_COLOUR,
    UNSET,
    Colour,
    Move,
    across,
    colour,
    move_of,
    pixels,
    split_length,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Declarations = dict[str, str]
TINY = SMALLEST * 4 / 3  # pixels
WRITTEN_PARTS = ("before", "after")  # what a sheet may write beside what stands in an element

PROPERTIES = frozenset(
    [
        *("display", "visibility", "opacity", "font-size", "vertical-align", "color"),
        *("background-color", "background-image", "text-decoration-line", "content"),
        *("text-indent", "left", "top", "right", "bottom", "position", "overflow-x", "overflow-y"),
        *("height", "width", "max-height", "max-width", "margin-left", "margin-top"),
        *("margin-right", "clip", "clip-path", "transform", "rotate", "scale", "translate"),
        *("filter", "zoom", "content-visibility", "-webkit-text-fill-color", "unicode-bidi"),
        *("flex-direction", "order", "-webkit-text-security", "mask-image", "font-family"),
        *("float", "direction", "letter-spacing", "font-variant-position", "list-style-type"),
        *("animation-name", "mix-blend-mode", "line-height", "z-index", "text-shadow"),
        *("text-decoration-color", "-webkit-text-stroke", "-webkit-line-clamp", "contain"),
        *(f"{part}:{name}" for part in WRITTEN_PARTS for name in ("content", "position")),
    ]
)
_SAME_AS = {
    "inline-size": "width",
    "block-size": "height",
    "max-inline-size": "max-width",
    "max-block-size": "max-height",
    "margin-inline-start": "margin-left",
    "margin-inline-end": "margin-right",
    "margin-block-start": "margin-top",
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
    "text-decoration": "text-decoration-line",
    "mask": "mask-image",
    "-webkit-mask": "mask-image",
    "-webkit-mask-image": "mask-image",
    "list-style": "list-style-type",
    "animation": "animation-name",
    "-webkit-animation": "animation-name",
    "-webkit-animation-name": "animation-name",
    "-webkit-transform": "transform",
    "-webkit-filter": "filter",
    "-webkit-clip-path": "clip-path",
    "font-variant": "font-variant-position",
}
_SIDES = {  # what is said of several sides in one declaration
    "margin": ("margin-top", "margin-right", "", "margin-left"),
    "inset": ("top", "right", "bottom", "left"),
    "margin-inline": ("margin-left", "margin-right"),
    "inset-inline": ("left", "right"),
    "margin-block": ("margin-top", ""),
    "inset-block": ("top", "bottom"),
    "overflow": ("overflow-x", "overflow-y"),
}
_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/")
_IMPORTANT = re.compile(r"!\s*important")
_WORDS = re.compile(r"(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")
_NOT_VALID = re.compile(r"\\|^(?:alpha|progid|expression|eval)\b")  # but in another browser
# What is no value of a property is passed over, and what was said before it stays.
_DISPLAYED = re.compile(
    r"(?:(?:none|contents|block|inline|flow|flow-root|list-item|run-in|math|ruby[a-z-]*"
    r"|(?:inline-)?(?:block|table|flex|grid)|-webkit-(?:inline-)?(?:box|flex)|table-[a-z-]+)\s?)+"
)
_VISIBLE = re.compile("visible|hidden|collapse")
_OF_SYSTEM = re.compile("currentcolor|windowtext|canvas(?:text)?|[a-z]+text|inherit|none|auto")
_COLOURS = re.compile(r"#[0-9a-f]+|[a-z]+\([^()]*\)|[a-z]+")
# Content that is read, and no sign of a list.
_WRITTEN = re.compile(r"[^\W_]|counter|attr|[\"'][^\"']*[-+.,%‰\u2212\u2013]")
_CONTENTS = ("content", *(f"{part}:content" for part in WRITTEN_PARTS))
_NO_CONTENT = ("", "none", "normal", "initial", "unset", "inherit", "revert")
# What clips all of an element or makes it transparent.
_CLIPPED = re.compile(r"rect\((?:[01](?:px)?[\s,]*){4}\)")
_NOTHING_LEFT = {
    "clip-path": re.compile(r"inset\((?:[5-9]\d|100)%.*|circle\(0.*"),
    "filter": re.compile(r".*opacity\(0%?\).*"),
}
_HARMLESS_FILTER = re.compile(
    r"(?:(?:grayscale|sepia|saturate|hue-rotate|drop-shadow)\((?:[^()]|\([^()]*\))*\)\s*)+"
)
_COUNTED = re.compile(
    r"\b(?:decimal|decimal-leading-zero|cjk-[a-z-]+|[a-z-]*chinese[a-z-]*|japanese-[a-z-]+"
    r"|(?:lower|upper)-[a-z]+|hiragana|katakana|hebrew|arabic-indic|georgian|armenian|thai)\b"
)
_FAR = 500  # pixels: what is set so far to the left or above its place is not on the page
_INDENTED = 100
_FARTHER = 2_000  # to the right
_SHARES = {"em": 1, "%": 0.01, "ex": 0.5, "ch": 0.5}  # of the letters around
_WORDS_FOR_SIZES = {"smaller": (0.8, True), "larger": (1.2, True)}
_WORDS_FOR_SIZES |= {"xx-small": (9, False), "x-small": (10, False), "small": (13, False)}
_WORDS_FOR_SIZES |= {"medium": (16, False), "large": (18, False), "x-large": (24, False)}
_WORDS_FOR_SIZES |= {"xx-large": (32, False), "xxx-large": (48, False), "initial": (16, False)}
_APART = frozenset(
    ["block", "flex", "grid", "table", "table-row", "table-cell", "list-item", "flow-root"]
)
_RAISED = 3  # pixels above or below the line from which letters are raised by hand
_ASIDE = 3  # pixels beside its place from which a digit may stand on another
_CLOSE = -4.5  # pixels between letters at which they lie over one another
_LINE = 20.0  # pixels that a line is high: of shares of the height of a box
_WIDE, _TALL = 100, 25  # pixels of a box in which any number of the form has room
_SMALL_ROOT = 0.5  # of the root's letters: smaller ones are of a root that is no size of letters
_NARROW = 1  # pixels of a box of which nothing is seen
_HIGH, _LOW = ("top", "text-top"), ("bottom", "text-bottom", "middle")
_MARGINS = ("margin-left", "margin-right")
_OUTLINES = ("text-shadow", "-webkit-text-stroke")
_OUT = ("absolute", "fixed")
_CUTS = frozenset(["hidden", "clip", "auto", "scroll"])
_INLINE_TAGS = frozenset(
    [
        *("span", "font", "b", "strong", "i", "em", "u", "a", "label", "small", "big", "code"),
        *("s", "del", "strike", "sup", "sub", "mark", "q", "abbr", "cite", "data", "time", "tt"),
        *("ins", "var", "kbd", "samp", "dfn", "bdi", "bdo", "nobr", "output"),
    ]
)
_TABLE_TAGS = frozenset(["td", "th", "tr", "tbody", "thead", "tfoot", "table", "col", "colgroup"])


class Box(Enum):
    """How an element stands among others, by which styles do or do not take hold of it."""

    INLINE = "in a line, as wide as its letters"
    CELL = "a table or a part of it, never smaller than what stands in it"
    BLOCK = "in a box of its own"


def box_of(tag: str) -> Box:
    """The box of an element of which no style says anything."""
    return Box.INLINE if tag in _INLINE_TAGS else Box.CELL if tag in _TABLE_TAGS else Box.BLOCK


@dataclass(frozen=True, slots=True)
class Effects:
    """What an element's own declarations do to what stands in it.

    `is_gone`: neither it nor anything in it is shown.  `is_unseen` and `is_tiny` hide what stands
    in it but for elements that say otherwise: `is_seen`, or of a `size` that can be seen, in pixels
    or as a share of that around it.  `is_collapsed`: a row or column is hidden with all that it
    holds.  `is_picture`: a picture lies behind it.
    `is_written`: a stylesheet writes something into it.  `colour` is that of its letters, `grounds`
    those that lie behind them, one or as many as a gradient has.
    """

    is_gone: bool = False
    is_unseen: bool = False
    is_collapsed: bool = False
    is_seen: bool = False
    size: tuple[float, bool] | None = None  # and whether it is a share
    is_of_unknown_size: bool = False  # of one that is worked out, such as calc()
    is_struck: bool = False
    is_raised: bool = False
    is_shifted: bool = False  # above or below its line, by a length
    is_high: bool = False  # at the top of its line, if it is smaller
    is_low: bool = False  # at the foot or in the middle of its line, if it is smaller
    is_aside: bool = False  # beside its place, or in a place of its own
    is_over: bool = False  # where something else may stand
    is_picture: bool = False
    is_written: bool = False
    is_counted: bool = False  # items of a list in it are numbered
    is_turned: bool = False  # its letters run the other way, or stand on their heads
    is_from_right: bool = False  # its parts follow one another to the left
    is_masked: bool = False  # a part of it may be covered
    is_overlaid: bool = False  # its letters lie over one another, or something over them
    is_unclear: bool = False  # what its styles do cannot be followed
    is_apart: bool = False  # it stands on lines of its own
    font: str = ""  # one whose letters are pictures
    is_outlined: bool = False  # its letters are seen by their shadow or outline
    colour: Colour | None = None
    grounds: tuple[Colour, ...] = ()
    window: tuple[float, float] | None = None  # pixels of width and height beyond which it is cut

    def size_within(self, around: float) -> float:
        """The size of its letters in pixels, by that of the letters around it."""
        if self.is_of_unknown_size:
            return MEDIUM
        if self.size is None:
            return around
        number, is_share = self.size
        return number * around if is_share else number

    @property
    def is_tiny(self) -> bool:
        """Whether its letters are too small to be seen."""
        return self.size_within(MEDIUM) <= TINY

    def __bool__(self) -> bool:
        """Whether anything is changed on a white page; a ground alone changes nothing."""
        return bool(
            self.is_gone
            or self.is_unseen
            or self.is_tiny
            or self.is_struck
            or self.is_raised
            or self.is_shifted
            or self.is_high
            or self.is_low
            or self.is_aside
            or self.is_picture
            or self.is_written
            or self.is_counted
            or self.is_turned
            or self.is_from_right
            or self.is_masked
            or self.is_overlaid
            or self.is_unclear
            or self.font
            or self.window
            or (
                self.colour is not None
                and any(is_faint(self.colour, ground) for ground in self.grounds or (WHITE,))
            )
        )


@lru_cache(maxsize=20_000)
def inline(style: str, box: Box = Box.BLOCK) -> Effects:
    """The effects of an element's `style`."""
    plain, important = declarations(style)
    return effects(plain | important, box)


@lru_cache(maxsize=20_000)
def declarations(style: str) -> tuple[Declarations, Declarations]:
    """The declarations of an inline style that matter here, plainly and as important."""
    found: tuple[Declarations, Declarations] = ({}, {})
    for part in _COMMENT.sub("", style.lower()).split(";"):
        name, _, value = part.partition(":")
        own = longhands(name.strip(), value)
        if own:
            found["!" in value and _IMPORTANT.search(value) is not None].update(own)
    return found


@lru_cache(maxsize=20_000)
def longhands(name: str, value: str) -> Declarations:
    """What a declaration says, one property at a time; nothing of what is not looked at."""
    written, name = name, _SAME_AS.get(name, name)
    is_looked_at = name in PROPERTIES or name in _SIDES or name in ("background", "font", "all")
    if not is_looked_at and not name.startswith("--"):
        return {}
    value = " ".join(_IMPORTANT.sub("", value.lower()).split())
    if not _is_valid(name, value):
        return {}
    if name in _SIDES:
        return _of_sides(_SIDES[name], value)
    own = {name: value}
    if name == "background":
        grounds = [part for part in _WORDS.findall(value) if colour(part) or "var(" in part]
        own = {"background-color": "".join(grounds[:1]), "background-image": value}
    elif name == "font":
        family = _WORDS.findall(value.partition(",")[0])[-1:]
        own = {"font-size": _size_in(value), "font-family": "".join(family)}
    elif name != written == "text-decoration":
        colours = [part for part in _WORDS.findall(value) if colour(part)]
        own["text-decoration-color"] = "".join(colours[:1])
    elif name == "all":
        own = dict.fromkeys(PROPERTIES, value) if value in UNSET else {}
    return own


def _is_valid(name: str, value: str) -> bool:
    """Whether a browser takes a value for what it is said of."""
    if _NOT_VALID.search(value) and name not in ("content", "font-family"):
        return False
    match name:
        case _ if value in UNSET or "(" in value:
            is_valid = True
        case "display":
            is_valid = _DISPLAYED.fullmatch(value) is not None
        case "visibility":
            is_valid = _VISIBLE.fullmatch(value) is not None
        case "opacity":
            is_valid = split_length(value) is not None
        case "font-size":
            is_valid = _size(value) is not None
        case "color" | "background-color":
            is_valid = colour(value) is not None or _OF_SYSTEM.fullmatch(value) is not None
        case _:
            is_valid = True
    return is_valid


def _of_sides(names: tuple[str, ...], value: str) -> Declarations:
    """What is said of two sides or four: of each, or of those over against them too."""
    said = _WORDS.findall(value)
    if not 1 <= len(said) <= len(names):
        return {}
    start, end = said[0], said[min(1, len(said) - 1)]
    each = (start, end, said[2] if len(said) > 2 else start, said[3] if len(said) > 3 else end)
    return {name: part for name, part in zip(names, each, strict=False) if name}


def effects(
    declared: Mapping[str, str] | Iterable[tuple[str, str]], box: Box = Box.BLOCK
) -> Effects:
    """What declarations do to an element in such a box."""
    return _effects(tuple(dict(declared).items()), box)


@lru_cache(maxsize=20_000)
def _effects(declarations: tuple[tuple[str, str], ...], box: Box) -> Effects:
    declared = dict(declarations)
    box = _box(declared, box)
    move = _move(declared, box)
    letters = declared.get("font-size", "")
    size = _size(letters)
    is_gone, is_animated = _is_gone(declared, box, move), declared.get("animation-name", "")
    window = None if box is not Box.BLOCK else _window(declared)
    of_letters = declared.get("-webkit-text-fill-color") or declared.get("color", "")
    align = declared.get("vertical-align", "")
    is_out = declared.get("position") in _OUT
    is_gone = is_gone or (window is not None and min(window) <= _NARROW)
    if is_gone and _is_pulled(declared, box) and not is_out:
        is_gone = False
    is_unclear = _is_unclear(declared, of_letters, box) or move.is_unclear
    if is_gone and is_animated not in ("", *UNSET):  # it may be shown in the end
        is_gone, is_unclear, window = False, True, None
    return Effects(
        is_gone=is_gone,
        is_unseen=declared.get("visibility") in ("hidden", "collapse"),
        is_collapsed=declared.get("visibility") == "collapse",
        is_seen=declared.get("visibility") in ("visible", "initial"),
        size=size,
        is_of_unknown_size=size is None and "(" in letters,
        is_struck="line-through" in declared.get("text-decoration-line", ""),
        is_raised=box is not Box.CELL and align in ("super", "sub"),
        is_shifted=abs(move.down) >= _RAISED and not is_out,
        is_high=align in _HIGH and box is not Box.CELL,
        is_low=align in _LOW and box is not Box.CELL,
        is_aside=is_out
        or declared.get("float", "none") not in UNSET
        or (abs(move.right) >= _ASIDE and box is not Box.CELL),
        is_over=is_out,
        is_picture="url(" in declared.get("background-image", ""),
        is_written=any(
            content not in _NO_CONTENT and _WRITTEN.search(content)
            for content in map(declared.get, _CONTENTS)
            if content is not None
        ),
        is_counted=_COUNTED.search(declared.get("list-style-type", "")) is not None,
        is_turned=move.is_turned or _is_turned(declared),
        is_from_right=declared.get("direction") == "rtl",
        is_masked=_is_masked(declared),
        is_overlaid=_is_overlaid(declared),
        is_unclear=is_unclear,
        is_apart=declared.get("display") in _APART,
        font=_symbol_font(declared),
        is_outlined=any(declared.get(name, "none") not in UNSET for name in _OUTLINES),
        colour=colour(of_letters),
        grounds=_grounds(declared),
        window=window,
    )


def is_faint(letters: Colour, ground: Colour) -> bool:
    """Whether letters of a colour cannot be seen on a ground."""
    return is_alike(letters, ground) or letters == NO_COLOUR


def _box(declared: Mapping[str, str], box: Box) -> Box:
    """The box of an element by what is said of it."""
    display = declared.get("display", "")
    if declared.get("position") in _OUT or declared.get("float", "none") not in UNSET:
        return Box.BLOCK
    if display.startswith(("table", "inline-table")):
        return Box.CELL
    return box if display in ("", *UNSET, "inline", "contents") else Box.BLOCK


def _grounds(declared: Mapping[str, str]) -> tuple[Colour, ...]:
    """The colours that lie behind letters."""
    image = declared.get("background-image", "")
    written = _COLOURS.findall(image.partition("(")[2]) if "gradient(" in image else []
    named = (colour(part) for part in written or [declared.get("background-color", "")])
    return tuple(ground for ground in named if ground and ground != NO_COLOUR)


def _move(declared: Mapping[str, str], box: Box) -> Move:
    """Where an element stands, beside where it would."""
    move = Move()
    if box is not Box.INLINE:
        names = ("transform", "rotate", "scale", "translate")
        move = move_of(*(declared.get(name, "") for name in names))
        if "%" in declared.get("transform", "") + declared.get("translate", ""):
            move = Move(move.right, move.down * _LINE / 100, move.is_flat, move.is_turned)
    right, down = move.right, move.down
    if declared.get("position") in ("relative", *_OUT):
        right += _either(declared, "left", "right")
        down += _either(declared, "top", "bottom")
    align = split_length(declared.get("vertical-align", ""))
    if align is not None and box is not Box.CELL:
        down -= (pixels(declared["vertical-align"]) or 0) * (0.2 if align[1] == "%" else 1)
    if _is_in_line(declared, box):
        # A block has lines of its own.
        right += min(0, *(pixels(declared.get(name, "")) or 0 for name in _MARGINS))
    return Move(right, down, move.is_flat, move.is_turned, move.is_unclear)


def _either(declared: Mapping[str, str], near: str, far: str) -> float:
    """How far an element is set from one side, or from the one over against it."""
    found = pixels(declared.get(near, ""))
    return found if found is not None else -(pixels(declared.get(far, "")) or 0)


def _is_gone(declared: Mapping[str, str], box: Box, move: Move) -> bool:
    if declared.get("display") == "none" or _is_clear(declared.get("opacity", "")):
        return True
    if declared.get("position") in _OUT and _CLIPPED.fullmatch(declared.get("clip", "")):
        return True
    if any(form.fullmatch(declared.get(name, "")) for name, form in _NOTHING_LEFT.items()):
        return True
    if box is not Box.INLINE:
        if declared.get("content-visibility") == "hidden" or move.is_flat:
            return True
        ways = (("text-indent", _INDENTED), ("margin-top", _FAR))
        near = (across(declared.get("margin-left", "")) or 0) + _set_right(declared)
        if near <= -_FAR or any((pixels(declared.get(n, "")) or 0) <= -far for n, far in ways):
            return True
    return move.right <= -_FAR or move.right >= _FARTHER or move.down <= -_FAR


def _set_right(declared: Mapping[str, str]) -> float:
    """How far an element is set to the right, as half the page where a margin centres it."""
    is_placed = declared.get("position") in ("relative", *_OUT)
    return max(across(declared.get("left", "")) or 0, 0) if is_placed else 0


def _is_clear(opacity: str) -> bool:
    """Whether what is so opaque cannot be seen."""
    number = split_length(opacity)
    return number is not None and number[0] <= CLEAR * (100 if number[1] == "%" else 1)


def _window(declared: Mapping[str, str]) -> tuple[float, float] | None:
    """The width and height of a box beyond which nothing is seen; nothing if all of it may be."""
    found = []
    for way, names in (("x", ("width", "max-width")), ("y", ("height", "max-height"))):
        is_cut = declared.get(f"overflow-{way}") in _CUTS
        lengths = [
            length
            for length in (pixels(declared.get(name, "")) for name in names)
            if length is not None
        ]
        shares = [declared.get(name, "").endswith("%") for name in names]
        is_told = is_cut and lengths and (not any(shares) or min(lengths) == 0)
        found.append(min(lengths) if is_told else float("inf"))
    width, height = found
    if declared.get("overflow-y") in _CUTS and declared.get("line-height") == "0":
        height = min(height, 0)
    return (width, height) if width < _WIDE or height < _TALL else None


def _is_unclear(declared: Mapping[str, str], of_letters: str, box: Box) -> bool:
    """Whether it cannot be told how what stands in an element is shown, by one browser or all."""
    line = colour(declared.get("text-decoration-color", ""))
    words = (declared.get(name, "") for name in ("display", "visibility", "opacity"))
    shade = declared.get("filter", "none")
    is_placed = declared.get("position") in ("relative", *_OUT)
    names = ["text-indent", "margin-left", "margin-top"]
    names += ["left", "top", "right", "bottom"] if is_placed else []
    if _CUTS & {declared.get(f"overflow-{way}", "") for way in "xy"}:
        names += ["width", "height", "max-width", "max-height"]
    lengths = (declared.get(name, "") for name in names)
    return bool(
        (declared.get("content-visibility") == "hidden" and box is Box.INLINE)
        or re.search("super|sub", declared.get("font-variant-position", ""))  # if the font has it
        or (is_placed and declared.get("z-index", "").startswith("-"))
        or _is_pulled(declared, box)
        or (line is not None and is_faint(line, WHITE))
        or any("(" in word for word in words)
        or declared.get("mix-blend-mode", "normal") not in UNSET
        or (shade not in UNSET and not _HARMLESS_FILTER.fullmatch(shade))
        or (pixels(declared.get("zoom", "")) or 1) * MEDIUM <= TINY
        or ("(" in of_letters and "var(" not in of_letters and colour(of_letters) is None)
        or any("(" in length and pixels(length) is None for length in lengths)
    )


def _is_pulled(declared: Mapping[str, str], box: Box) -> bool:
    """Whether what follows an element in its line is pulled off the page with it."""
    near, far = (pixels(declared.get(f"margin-{side}", "")) or 0 for side in ("left", "right"))
    return _is_in_line(declared, box) and near <= -_FAR and near + far <= -_FAR


def _is_in_line(declared: Mapping[str, str], box: Box) -> bool:
    return box is Box.INLINE or declared.get("display", "").startswith("inline")


def _is_turned(declared: Mapping[str, str]) -> bool:
    if "override" in declared.get("unicode-bidi", "") or declared.get("order", "0") not in (
        "0",
        *UNSET,
    ):
        return True
    return declared.get("flex-direction", "").endswith("-reverse")


def _is_masked(declared: Mapping[str, str]) -> bool:
    names = ("clip-path", "mask-image", "-webkit-text-security", "-webkit-line-clamp")
    return any(declared.get(name, "none") not in UNSET for name in names) or bool(
        re.search("strict|content|paint|size", declared.get("contain", ""))
    )


def _is_overlaid(declared: Mapping[str, str]) -> bool:
    """Whether letters lie over one another, or a sheet may draw something over them."""
    if (pixels(declared.get("letter-spacing", "")) or 0) <= _CLOSE:
        return True
    if declared.get("display") == "inline-block" and pixels(declared.get("width", "")) == 0:
        return True
    return any(
        declared.get(f"{part}:content", "") not in _NO_CONTENT
        and declared.get(f"{part}:position") in _OUT
        for part in WRITTEN_PARTS
    )


def _symbol_font(declared: Mapping[str, str]) -> str:
    """The font of which no letter is what it seems, if the first that is named is such a one."""
    font = declared.get("font-family", "").partition(",")[0].strip("\"' ")
    return font if font in SYMBOL_FONTS else ""


def _size_in(font: str) -> str:
    """The size of letters in a `font`: the first part that is a length, and no weight.

    All of it where that may be worked out.
    """
    sizes = [part.partition("/")[0] for part in font.split()]
    lengths = [(size, split_length(size)) for size in sizes]
    worked_out = font if "(" in font else ""
    return next(
        (size for size, length in lengths if length and (length[1] or length[0] == 0)), worked_out
    )


def _size(size: str) -> tuple[float, bool] | None:
    """A size of letters: pixels, or a share of the size around; nothing for what is none."""
    length = split_length(size)
    if length is None:
        worked_out = pixels(size)
        is_none = worked_out is not None and worked_out <= TINY
        return (worked_out or 0, False) if is_none else _WORDS_FOR_SIZES.get(size)
    number, unit = length
    if unit == "rem" and number < _SMALL_ROOT:  # of a page whose root is set to 100 pixels
        return number * 100, False
    return (number * _SHARES[unit], True) if unit in _SHARES else (pixels(size) or 0, False)
