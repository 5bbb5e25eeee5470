"""What the styles of a page do to what stands in it: hide it, strike it, raise it, make it faint.

Only declarations that can do so are looked at, of inline styles and of the stylesheets that a page
carries; tinycss2 parses the sheets, cssselect their selectors.  What a sheet elsewhere does is not
known.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from gouji.landing.shown import SMALLEST, SYMBOL_FONTS, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml import etree

MOST_RULES = 2_000  # of a page's sheets; what follows is not looked at

# Without one of these, in small letters, a sheet changes nothing that is looked at here.
_HINTS = (
    b"content",
    b"data:",
    b"visibility",
    b"none",
    b"hidden",
    b"line-through",
    b"super",
    b"align:sub",
    b"align: sub",
    b"opacity",
    b"font-size:0",
    b"font-size: 0",
    b"font-size:1",
    b"font-size:2",
    b"font-size: 1",
    b"font-size: 2",
    b"indent:-",
    b"indent: -",
    b"left:-",
    b"left: -",
    b":#f",
    b": #f",
    b"#ff",
    b"#fe",
    b"white",
    b"rgb",
    b"transparent",
    b"url(",
    b"clip",
    b"scale",
    b"bidi",
    b"zoom",
    b"fill-color",
    b"right:-",
    b"right: -",
    b"top:-",
    b"top: -",
    b"font:0",
    b"font: 0",
    b"vertical-align:",
    b"rotate",
    b"translate",
    b"-reverse",
    b"order:",
    b"security",
    b"mask",
    b"dings",
)
_PROPERTIES = frozenset(
    [
        *("display", "visibility", "opacity", "font-size", "vertical-align", "color"),
        *("background", "background-color", "text-decoration", "text-decoration-line"),
        *("background-image", "content"),
        *("text-indent", "left", "top", "position", "overflow", "height", "width", "max-height"),
        *("right", "bottom", "margin-left", "margin-top", "clip", "clip-path", "transform"),
        *("filter", "zoom", "content-visibility", "font", "-webkit-text-fill-color"),
        *("unicode-bidi", "flex-direction", "order", "-webkit-text-security", "mask"),
        *("-webkit-mask", "mask-image", "-webkit-mask-image", "font-family"),
    ]
)
_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/")
# What a page may hide in itself that a sheet shows again.
_MAY_BE_UNDONE = (
    b"visibility:hidden",
    b"visibility: hidden",
    b"visibility:collapse",
    b"visibility: collapse",
    b"font-size:0",
    b"font-size: 0",
)
_IMPORTANT = re.compile(r"!\s*important")
_SIZE = re.compile(r"(-?\d{0,9}\.?\d{0,9})(px|pt|pc|em|rem|ex|ch|%|cm|mm|in|q|vw|vh)?")
WHITE = (1.0, 1.0, 1.0)
NO_COLOUR = (-1.0, -1.0, -1.0)  # transparent: what is set in it is not seen on any ground
_CLEAR = 0.1  # the opacity up to which something is not seen
_WRITTEN = re.compile(r"[^\W_]|counter|attr")  # content that is read, and no sign of a list
# What clips all of an element, shrinks it to nothing or makes it transparent.
_NOTHING_LEFT = {
    "clip": re.compile(r"rect\((?:[01](?:px)?[\s,]*){4}\)"),
    "clip-path": re.compile(r"inset\((?:[5-9]\d|100)%.*|circle\(0.*"),
    "transform": re.compile(r".*(?:scale[xy3d]*\(0[,)\s]|rotate[xy]\(-?(?:90|270)deg).*"),
    "filter": re.compile(r".*opacity\(0%?\).*"),
    "zoom": re.compile(r"0%?"),
    "content-visibility": re.compile("hidden"),
}
_FAR = 500  # pixels: what is set so far to the left or above its place is not on the page
_FARTHER = 2_000  # to the right
_DOWN = ("top", "margin-top", "1", "2")  # the second and third place of what is moved
_PIXELS = {"em": 16, "rem": 16, "pt": 4 / 3, "cm": 38, "mm": 3.8, "in": 96, "vw": 10, "vh": 10}
_PIXELS |= {"pc": 16, "q": 0.95, "ex": 8, "ch": 8}
_SHARES = {"em": 1, "%": 0.01, "ex": 0.5, "ch": 0.5}  # of the letters around
_WORDS_FOR_SIZES = {"smaller": (0.8, True), "larger": (1.2, True)}
_WORDS_FOR_SIZES |= {"xx-small": (9, False), "x-small": (10, False), "small": (13, False)}
_WORDS_FOR_SIZES |= {"medium": (16, False), "large": (18, False), "x-large": (24, False)}
_WORDS_FOR_SIZES |= {"xx-large": (32, False), "xxx-large": (48, False), "initial": (16, False)}
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^()]*)\)")
_MIRRORED = re.compile(
    r"scale(?:x|y|3d)?\((?:[^()]*,\s*)?-|rotate[xyz]?\(-?(?:4[5-9]|[5-9]\d|[1-3]\d\d)[\d.]*deg"
    r"|rotate[xyz]?\(-?(?:[1-9]|0?\.[1-9])[\d.]*(?:turn|rad)"
)
_MASKS = ("mask", "-webkit-mask", "mask-image", "-webkit-mask-image", "-webkit-text-security")
_APART = frozenset(
    ["block", "flex", "grid", "table", "table-row", "table-cell", "list-item", "flow-root"]
)
_RAISED = 3  # pixels above or below the line from which letters are raised by hand
_UNSET = ("none", "initial", "unset", "inherit", "revert", "auto")
_CONDITIONAL = ("media", "supports", "layer")
_MOST_SELECTORS = 100  # of a rule within another, with those of the rules around it
_LONGEST_SELECTOR = 500  # of such a rule
_NAME = re.compile(r"[.#]([\w-]+)|\[\s*([\w-]+)|(?:^|[\s>+~(,])([a-z][a-z0-9]*)", re.IGNORECASE)

Declarations = dict[str, str]
Colour = tuple[float, float, float]
MEDIUM = 16.0  # pixels of letters of which nothing is said
TINY = SMALLEST * 4 / 3  # pixels


@dataclass(frozen=True, slots=True)
class Effects:
    """What an element's own declarations do to what stands in it.

    `is_gone`: neither it nor anything in it is shown.  `is_unseen` and `is_tiny` hide what stands
    in it but for elements that say otherwise: `is_seen`, or of a `size` that can be seen, in pixels
    or as a share of that around it.  `is_collapsed`: a row or column is hidden with all that it
    holds.  `is_picture`: a picture lies behind it.
    `is_written`: a stylesheet writes something into it.  `colour` is that of its letters, `ground`
    what lies behind them.
    """

    is_gone: bool = False
    is_unseen: bool = False
    is_collapsed: bool = False
    is_seen: bool = False
    size: tuple[float, bool] | None = None  # and whether it is a share
    is_of_unknown_size: bool = False  # of one that is worked out, such as calc()
    is_struck: bool = False
    is_raised: bool = False
    is_picture: bool = False
    is_written: bool = False
    is_turned: bool = False  # its letters run the other way, or stand on their heads
    is_masked: bool = False  # a part of it may be covered
    is_apart: bool = False  # it stands on lines of its own
    font: str = ""  # one whose letters are pictures
    colour: Colour | None = None
    ground: Colour | None = None

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
            or self.is_picture
            or self.is_written
            or self.is_turned
            or self.is_masked
            or self.font
            or (self.colour is not None and is_faint(self.colour, self.ground or WHITE))
        )


@lru_cache(maxsize=20_000)
def inline(style: str) -> Effects:
    """The effects of an element's `style`."""
    return effects(declarations(style))


@lru_cache(maxsize=20_000)
def declarations(style: str) -> Declarations:
    """The declarations of an inline style that matter here."""
    found: Declarations = {}
    for part in _COMMENT.sub("", style.lower()).split(";"):
        name, _, value = part.partition(":")
        name = name.strip()
        if name in _PROPERTIES:
            found[name] = " ".join(_IMPORTANT.sub("", value).split())
    return found


def effects(declared: Mapping[str, str]) -> Effects:
    """What declarations do."""
    background = declared.get("background", "")
    grounds = (
        _colour(part) for part in [declared.get("background-color", ""), *_parts(background)]
    )
    decoration = declared.get("text-decoration", "") + declared.get("text-decoration-line", "")
    letters = declared.get("font-size", "") or _size_in(declared.get("font", ""))
    size = _size(letters)
    return Effects(
        is_gone=_is_gone(declared),
        is_unseen=declared.get("visibility") in ("hidden", "collapse"),
        is_collapsed=declared.get("visibility") == "collapse",
        is_seen=declared.get("visibility") in ("visible", "initial"),
        size=size,
        is_of_unknown_size=size is None and "(" in letters,
        is_struck="line-through" in decoration,
        is_raised=_is_raised(declared),
        is_picture="url(" in background + declared.get("background-image", ""),
        is_written=bool(_WRITTEN.search(declared.get("content", ""))),
        is_turned=_is_turned(declared),
        is_masked=_is_masked(declared),
        is_apart=declared.get("display") in _APART,
        font=_symbol_font(declared),
        colour=_colour(declared.get("-webkit-text-fill-color") or declared.get("color", "")),
        ground=next((ground for ground in grounds if ground and ground != NO_COLOUR), None),
    )


def is_faint(colour: Colour, ground: Colour) -> bool:
    """Whether letters of a colour cannot be seen on a ground."""
    return is_alike(colour, ground) or colour == NO_COLOUR


def _parts(background: str) -> list[str]:
    """The parts of a `background`, one of which may be a colour."""
    return [background] if "(" in background else background.split()


@lru_cache(maxsize=2_000)
def _colour(value: str) -> Colour | None:
    """A colour; nothing for what is none."""
    if not value or value in ("none", "inherit", "auto", "windowtext"):
        return None
    from tinycss2.color3 import parse_color  # noqa: PLC0415

    colour = parse_color(value)
    if colour is None or isinstance(colour, str):
        return None
    return (colour.red, colour.green, colour.blue) if colour.alpha > _CLEAR else NO_COLOUR


def _is_gone(declared: Mapping[str, str]) -> bool:
    if declared.get("display") == "none" or _is_clear(declared.get("opacity", "")):
        return True
    if declared.get("overflow") in ("hidden", "clip") and any(
        (_number(declared.get(name, "")) or 0) <= 1 and declared.get(name, "")[:1].isdigit()
        for name in ("height", "width", "max-height")
    ):
        return True
    if (_number(declared.get("text-indent", "")) or 0) <= -100:
        return True
    if any(form.fullmatch(declared.get(name, "")) for name, form in _NOTHING_LEFT.items()):
        return True
    sides = ["margin-left", "margin-top"]
    if declared.get("position") in ("absolute", "fixed", "relative"):
        sides += ["left", "top", "right", "bottom"]
    moved = _MOVED.findall(declared.get("transform", ""))
    ways = {name: declared.get(name, "") for name in sides}
    ways |= {f"{number}": way for move in moved for number, way in enumerate(move.split(","))}
    return any(_is_far(name, _pixels(way.strip())) for name, way in ways.items())


def _is_far(way: str, pixels: float) -> bool:
    """Whether what is moved so far is not on the page; downwards a page may go on and on."""
    return pixels <= -_FAR or (way not in _DOWN and pixels >= _FARTHER)


def _is_clear(opacity: str) -> bool:
    """Whether what is so opaque cannot be seen."""
    number = _number(opacity)
    return number is not None and number <= _CLEAR * (100 if opacity.endswith("%") else 1)


def _is_turned(declared: Mapping[str, str]) -> bool:
    if "override" in declared.get("unicode-bidi", "") or declared.get("order", "0") != "0":
        return True
    is_reversed = declared.get("flex-direction", "").endswith("-reverse")
    return is_reversed or _MIRRORED.search(declared.get("transform", "")) is not None


def _is_masked(declared: Mapping[str, str]) -> bool:
    clip = declared.get("clip-path", "none")
    return clip not in _UNSET or any(declared.get(name, "none") not in _UNSET for name in _MASKS)


def _symbol_font(declared: Mapping[str, str]) -> str:
    """The font of which no letter is what it seems, if the first that is named is such a one."""
    families = declared.get("font-family", "") or declared.get("font", "").rpartition(" ")[2]
    font = families.partition(",")[0].strip("\"' ")
    return font if font in SYMBOL_FONTS else ""


def _pixels(length: str) -> float:
    match = _SIZE.fullmatch(length)
    number = _number(length)
    return 0.0 if match is None or number is None else number * _PIXELS.get(match[2] or "px", 1)


def _is_raised(declared: Mapping[str, str]) -> bool:
    align = declared.get("vertical-align", "")
    if align in ("super", "sub") or abs(_number(align) or 0) >= _RAISED:
        return True
    is_moved = declared.get("position") == "relative"
    return is_moved and abs(_number(declared.get("top", "")) or 0) >= _RAISED


def _size_in(font: str) -> str:
    """The size of letters in a `font`: the first part that is a length, and no weight.

    All of it where that may be worked out.
    """
    sizes = [part.partition("/")[0] for part in font.split()]
    lengths = [size for size in sizes if _number(size) is not None]
    worked_out = font if "(" in font else ""
    return next(
        (size for size in lengths if _number(size) == 0 or not size[-1].isdigit()), worked_out
    )


def _size(size: str) -> tuple[float, bool] | None:
    """A size of letters: pixels, or a share of the size around; nothing for what is none."""
    number = _number(size)
    if number is None:
        return _WORDS_FOR_SIZES.get(size)
    match = _SIZE.fullmatch(size)
    unit = match[2] if match else ""
    return (number * _SHARES[unit], True) if unit in _SHARES else (_pixels(size), False)


def _number(value: str) -> float | None:
    match = _SIZE.fullmatch(value)
    if match is None or not match.group(1).strip("-."):
        return None
    return float(match.group(1))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a stylesheet: its selector, its rank in the cascade, what it declares.

    Of two of one rank, what stands later in the page counts.
    """

    selector: str
    rank: tuple[bool, tuple[int, int, int]]
    path: etree.XPath
    declared: tuple[tuple[str, str], ...]


def rules_of(sheets: Iterable[bytes], page: bytes) -> list[Rule]:
    """The rules of a page's sheets, in the order of the cascade, if any of them may hide a part.

    Or show one that the page itself hides.  A rule whose names do not occur in the page has no part
    in it.
    """
    sheets = list(sheets)
    is_hiding = any(hint in page for hint in _MAY_BE_UNDONE)
    lowered = b"\n".join(sheets).lower()
    if not is_hiding and not any(hint in lowered for hint in _HINTS):
        return []
    found = [rule for sheet in sheets for rule in _rules(sheet)]
    if not is_hiding and not any(
        effects(dict(rule.declared)) and _may_occur(rule.selector, page) for rule in found
    ):
        return []
    used = [rule for rule in found[:MOST_RULES] if _may_occur(rule.selector, page)]
    return sorted(used, key=lambda rule: rule.rank)


def _may_occur(selector: str, page: bytes) -> bool:
    for name, attribute, tag in _NAME.findall(selector):
        if tag and f"<{tag.lower()}".encode() not in page:
            return False
        if (name or attribute) and (name or attribute).lower().encode() not in page:
            return False
    return True


@lru_cache(maxsize=100)
def _rules(sheet: bytes) -> tuple[Rule, ...]:
    """The rules of a sheet that declare anything of what is looked at."""
    import tinycss2  # noqa: PLC0415 - few pages need it
    from cssselect import HTMLTranslator, SelectorError, parse  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    found: list[Rule] = []
    translator = HTMLTranslator()
    nodes, _ = tinycss2.parse_stylesheet_bytes(sheet, skip_comments=True, skip_whitespace=True)
    for names, declared in _flat(nodes, []):
        try:
            for selector in parse(", ".join(names)):
                own = _written(selector.pseudo_element, declared)
                path = etree.XPath(translator.selector_to_xpath(selector)) if any(own) else None
                for is_important, what in enumerate(own):
                    if path is not None and what:
                        rank = (bool(is_important), selector.specificity())
                        found.append(Rule(selector.canonical(), rank, path, tuple(what.items())))
        except (SelectorError, etree.XPathError):  # of another kind: not as the page opens
            continue
    return tuple(found)


def _flat(
    nodes: Iterable[Any], around: list[str]
) -> Iterator[tuple[list[str], tuple[Declarations, Declarations]]]:
    """The rules of a sheet, each with its selectors and what it declares, plainly and as important.

    Those that stand within a rule follow it, with whole selectors.
    """
    import tinycss2  # noqa: PLC0415

    declared: tuple[Declarations, Declarations] = ({}, {})
    within: list[tuple[Any, list[str]]] = []
    for node in nodes:
        if node.type == "declaration" and node.lower_name in _PROPERTIES:
            value = " ".join(tinycss2.serialize(node.value).lower().split())
            declared[node.important][node.lower_name] = value
        elif node.type == "qualified-rule":
            names = _selectors(node.prelude, around)
            if not around or 0 < len(names) <= _MOST_SELECTORS:
                within.append((node.content, names))
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            imported, _ = tinycss2.parse_stylesheet_bytes(
                _imported(node), skip_comments=True, skip_whitespace=True
            )
            yield from _flat(imported, around)
        elif _holds_rules(node) and is_for_screens(tinycss2.serialize(node.prelude)):
            within.append((node.content, around))
    if around and any(declared):
        yield around, declared
    for content, names in within:
        parse = tinycss2.parse_blocks_contents if names else tinycss2.parse_rule_list
        yield from _flat(parse(content, True, True), names)


def _imported(rule: Any) -> bytes:
    """The sheet that a rule imports, if it holds it in itself."""
    import tinycss2  # noqa: PLC0415

    address, *media = [token for token in rule.prelude if token.type != "whitespace"] or [rule]
    if address.type == "function":
        address = next(iter(address.arguments), address)
    return sheet_in(str(getattr(address, "value", "")), tinycss2.serialize(media))


def sheet_in(address: str, media: str) -> bytes:
    """The stylesheet in a `data:` address, for screens; nothing of one that is elsewhere."""
    head, _, content = address.strip().partition(",")
    head = "".join(head.lower().split())
    if not head.startswith("data:text/css") or not is_for_screens(media):
        return b""
    sheet = unquote_to_bytes(content)
    if not head.endswith(";base64"):
        return sheet
    try:
        return b64decode(sheet + b"==")
    except ValueError:
        return b""


def _selectors(prelude: Iterable[Any], around: list[str]) -> list[str]:
    """The selectors of a rule, with those of the rule around it."""
    own = [""]
    for part in prelude:
        if part == ",":
            own.append("")
        else:
            own[-1] += part.serialize()
    names = [
        name.replace("&", outer or ":root") if "&" in name else f"{outer} {name}".strip()
        for outer in around or [""]
        for name in map(str.strip, own)
    ]
    return [name for name in names if not around or len(name) <= _LONGEST_SELECTOR]


def _written(
    pseudo_element: object, declared: tuple[Declarations, Declarations]
) -> tuple[Declarations, Declarations]:
    """What a rule declares of an element; of what stands before or after it, what it writes there.

    Nothing else counts of these.
    """
    if not pseudo_element:
        return declared
    content = declared[1].get("content", declared[0].get("content", ""))
    if pseudo_element in ("before", "after") and _WRITTEN.search(content):
        return {"content": content}, {}
    return {}, {}


def _holds_rules(node: Any) -> bool:
    is_conditional = node.type == "at-rule" and node.lower_at_keyword in _CONDITIONAL
    return is_conditional and bool(node.content)


def is_for_screens(media: str) -> bool:
    """Whether what is said of such media counts on a wide screen."""
    words = media.lower()
    return "print" not in words and "max-width" not in words and "speech" not in words
