"""How letters in a Word file are set: by what is said of a run, a paragraph, a cell or a style."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gouji.landing.office_colours import BLACK, Theme, blended, lit, tinted
from gouji.landing.shown import CLOSEST, SMALLEST, WHITE, Look, colour_of, is_alike

if TYPE_CHECKING:
    from lxml import etree

    from gouji.landing.shown import Colour

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LOWEST = 40  # twentieths of a point: what is set in lines or rows of this height is not seen
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_FARTHEST = -5_000  # twentieths of a point: what is set in so far stands beside the page
_RAISED = 6  # half points above or below the line from which letters are raised by hand
Said = dict[str, Any]  # what is said of aspects of `Setting`
_SWITCHES = frozenset(["vanish", "strike"])  # that styles of paragraphs and of letters share
_NUMBERS = {"size": ("sz", 2), "width": ("w", 1), "gap": ("spacing", 20)}  # with units to a point
_NUMBERS["position"] = ("position", 2)
_MEASURE = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(pt|in|cm|mm|pc|pi|%)?")
_POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0, "pi": 12.0}
# The names that Word has for the colours of a marker.
_MARKERS = {"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "red": "FF0000"}
_MARKERS |= {"green": "00FF00", "blue": "0000FF", "cyan": "00FFFF", "magenta": "FF00FF"}
_MARKERS |= {"darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000"}
_MARKERS |= {"darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000"}
_MARKERS |= {"darkGray": "808080", "lightGray": "C0C0C0"}
_PATTERNS = {"clear": 0.0, "nil": 0.0, "solid": 1.0}
_STRIPED, _THIN = 0.5, 0.25  # of a ground that stripes cover
_CLEAR = 90_000  # thousandths of a per cent: letters through which one sees
_NARROWEST = 10  # per cent of a letter's width: narrower letters are not seen
OFF = frozenset(["0", "false", "off", "none"])


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run is set; `font` is that of its letters."""

    vanish: bool = False
    strike: bool = False
    dstrike: bool = False
    is_raised: bool = False
    position: int = 0  # half points above the line by hand
    size: int = 20  # half points
    width: int = 100  # per cent of a letter's own
    gap: int = 0  # twentieths of a point between letters, beside what the font leaves
    inks: tuple[Colour, ...] = ()  # automatic letters have none: they are seen on any shade
    is_clear: bool = False
    ground: Colour = WHITE
    is_marked: bool = False  # by a marker, on which automatic letters stay black
    is_out: bool = False  # of a paragraph: it stands beside the page, or in lines of no height
    is_counted: bool = False  # of a paragraph: the program puts a number before it
    font: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it is seen or printed."""
        return self.vanish or self.size <= 2 * SMALLEST or self.width <= _NARROWEST

    @property
    def is_overlaid(self) -> bool:
        """Whether its letters lie over one another."""
        return self.gap <= -CLOSEST * 10 * self.size

    @property
    def is_faint(self) -> bool:
        """Whether it has the colour of its ground."""
        inks = self.inks or ((BLACK,) if self.is_marked else ())
        return self.is_clear or any(is_alike(ink, self.ground) for ink in inks)

    @property
    def look(self) -> Look:
        """How a person takes it."""
        if self.is_out:
            return Look.UNSEEN
        if self.strike or self.dstrike:
            return Look.STRUCK
        if self.is_raised or abs(self.position) >= _RAISED:
            return Look.RAISED
        return Look.FAINT if self.is_faint else Look.PLAIN

    def dressed(self, said: Said) -> Setting:
        """The same with what is said of a run or a paragraph itself."""
        return replace(self, **said) if said else self

    def styled(self, said: Said) -> Setting:
        """The same with what a style says: what two kinds of styles switch on is off."""
        switched = {name: said[name] != getattr(self, name) for name in _SWITCHES & said.keys()}
        return self.dressed(said | switched)


def of_run(properties: etree._Element | None, theme: Theme) -> Said:
    """What run properties say."""
    if properties is None:
        return {}
    said: Said = {}
    for name in ("vanish", "strike", "dstrike"):
        is_on = toggle(properties, name)
        if is_on is not None:
            said[name] = is_on
    for name, (tag, per_point) in _NUMBERS.items():
        number = number_in(properties.find(f"{W}{tag}"), f"{W}val", per_point=per_point)
        if number is not None:
            said[name] = number
    raised = properties.find(f"{W}vertAlign")
    if raised is not None:
        said["is_raised"] = raised.get(f"{W}val") in ("superscript", "subscript")
    fonts = properties.find(f"{W}rFonts")
    font = (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")) if fonts is not None else None
    if font:
        said["font"] = font
    return said | _ink(properties, theme) | ground(properties, theme)


def of_paragraph(properties: etree._Element | None, theme: Theme) -> Said:
    """What paragraph properties say of its letters: where they stand, on what, its number."""
    if properties is None:
        return {}
    said = ground(properties, theme)
    if _is_out(properties):
        said["is_out"] = True
    numbers = properties.find(f"{W}numPr")
    if numbers is not None:
        said["is_counted"] = _integer(numbers.find(f"{W}numId"), 0) != 0
    return said


def toggle(properties: etree._Element, name: str) -> bool | None:
    """A property that is on, off or not said."""
    element = properties.find(f"{W}{name}")
    return None if element is None else element.get(f"{W}val", "1").lower() not in OFF


def _integer(element: etree._Element | None, otherwise: int) -> int:
    number = number_in(element, f"{W}val")
    return otherwise if number is None else number


# -- colours


def _ink(properties: etree._Element, theme: Theme) -> Said:
    """The colours of letters; a filling goes before a plain colour."""
    filling = properties.find(f"{_W14}textFill")
    colour = properties.find(f"{W}color")
    if filling is not None:
        colours = list(filling.iter(f"{_W14}srgbClr", f"{_W14}schemeClr"))
        inks = [_filled(one, theme) for one in colours]
        is_clear = filling.find(f"{_W14}noFill") is not None or any(map(_is_clear, colours))
        return {"inks": tuple(ink for ink in inks if ink), "is_clear": is_clear}
    if colour is not None:
        ink = _coloured(colour, "val", "theme", theme)
        return {"inks": (ink,) if ink else (), "is_clear": False}
    return {}


def _filled(colour: etree._Element, theme: Theme) -> Colour | None:
    """A colour of a filling."""
    value = colour.get(f"{_W14}val", "")
    found = theme.of(value) if colour.tag == f"{_W14}schemeClr" else colour_of(value)
    share, more = (_per_mille(colour, name, usual) for name, usual in (("Mod", 1.0), ("Off", 0.0)))
    return None if found is None else lit(found, share, more)


def _per_mille(colour: etree._Element, name: str, usual: float) -> float:
    value = number_in(colour.find(f"{_W14}lum{name}"), f"{_W14}val")
    return usual if value is None else value / 100_000


def _is_clear(colour: etree._Element) -> bool:
    """Whether a filling is as good as transparent: Word writes how much of it is."""
    return (number_in(colour.find(f"{_W14}alpha"), f"{_W14}val") or 0) >= _CLEAR


def _coloured(element: etree._Element, name: str, themed: str, theme: Theme) -> Colour | None:
    """A colour by its digits, or by its name in the theme; None for an automatic one."""
    themed_name = element.get(f"{W}{themed}" + ("Color" if themed == "theme" else ""), "")
    colour = theme.of(themed_name)
    if colour is None:
        return colour_of(element.get(f"{W}{name}", ""))
    for how, sign in (("Tint", 1), ("Shade", -1)):
        part = element.get(f"{W}{themed}{how}", "")
        if len(part) == 2 and is_hex(part):
            colour = tinted(colour, sign * (1 - int(part, 16) / 255))
    return colour


def ground(properties: etree._Element | None, theme: Theme) -> Said:
    """The colour that lies behind a run, a paragraph or a cell, where one does."""
    if properties is None:
        return {}
    marked = properties.find(f"{W}highlight")
    name = marked.get(f"{W}val", "none") if marked is not None else "none"
    if name != "none":
        return {"ground": colour_of(_MARKERS.get(name, "")) or WHITE, "is_marked": True}
    shade = properties.find(f"{W}shd")
    if shade is None:
        return {}
    paper = _coloured(shade, "fill", "themeFill", theme)
    share = _share(shade.get(f"{W}val", "clear"))
    if share:
        ink = _coloured(shade, "color", "theme", theme) or BLACK
        paper = blended(ink, paper or WHITE, share)
    return {"ground": paper, "is_marked": False} if paper else {}


def _share(pattern: str) -> float:
    """How much of a ground the ink of a pattern covers."""
    if pattern.startswith("pct") and pattern[3:].isdecimal():
        return int(pattern[3:]) / 100
    return _PATTERNS.get(pattern, _THIN if pattern.startswith("thin") else _STRIPED)


def _is_out(properties: etree._Element) -> bool:
    """Whether a paragraph stands beside the page, or in lines of no height."""
    lines, sides, frame = (properties.find(f"{W}{name}") for name in ("spacing", "ind", "framePr"))
    if lines is not None and lines.get(f"{W}lineRule") == "exact":
        height = number_in(lines, f"{W}line")
        if height is not None and height <= LOWEST:
            return True
    left = number_in(sides, f"{W}left", f"{W}start") or 0
    first = number_in(sides, f"{W}firstLine") or 0
    first -= number_in(sides, f"{W}hanging") or 0
    across, down = (number_in(frame, f"{W}{name}") or 0 for name in ("x", "y"))
    return min(left, left + first, across, down) <= _FARTHEST


def number_in(element: etree._Element | None, *names: str, per_point: int = 20) -> int | None:
    """The number that the first of some attributes gives; a length in so many parts of a point."""
    said = [element.get(name) for name in names] if element is not None else []
    found = _MEASURE.fullmatch(next(filter(None, said), ""))
    if found is None:
        return None
    is_bare = found[2] in (None, "%")
    return round(float(found[1]) * (1 if is_bare else _POINTS.get(found[2], 1.0) * per_point))


def is_hex(code: str) -> bool:
    """Whether a code is a number of six hexadecimal digits at most."""
    return 0 < len(code) <= 6 and all(char in "0123456789abcdefABCDEF" for char in code)
