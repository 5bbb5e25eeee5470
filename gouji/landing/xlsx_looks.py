"""How a spreadsheet sets its letters: fonts and fills, and what conditions may make of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.styles.colors import COLOR_INDEX, Color

from gouji.landing.office_colours import BLACK, SLOTS, Theme, blended, tinted
from gouji.landing.shown import SMALLEST, WHITE, Look, colour_of, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook

    from gouji.landing.shown import Colour

_OF_THE_SYSTEM = {64: BLACK, 65: WHITE}  # places of the palette
_FIRST_OF_FORMATS = 7  # the place before that of the colour which number formats call the first
_COVERED = {  # how much of a cell the ink of a pattern covers
    "solid": 1.0,
    "darkGray": 0.75,
    "mediumGray": 0.5,
    "lightGray": 0.25,
    "gray125": 0.125,
    "gray0625": 0.0625,
}
_DARK, _LIGHT = 0.5, 0.25  # of stripes and trellises
_UNSAID = Color()
_FALSE = frozenset(["FALSE", "FALSE()", "0"])


@dataclass(frozen=True, slots=True)
class _Change:
    """What a condition makes of a cell: another ink, other grounds, or another reading."""

    ink: Colour | None = None
    grounds: tuple[Colour, ...] = ()
    is_telling: bool = False


class Looks:
    """Judges fonts and fills by the theme of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.theme = Theme(book.loaded_theme or b"")

    def look(self, font: Any, grounds: tuple[Colour, ...], ink: int | None = None) -> Look | None:
        """How letters are set, in an ink that a number format names; None for unseen ones."""
        size = font.sz if font is not None else None
        if size is not None and size <= SMALLEST:
            return None
        if font is not None and font.strike:
            return Look.STRUCK
        if font is not None and font.vertAlign in ("superscript", "subscript"):
            return Look.RAISED
        return Look.FAINT if _is_faint(self.ink(font, ink), grounds) else Look.PLAIN

    def ink(self, font: Any, number: int | None = None) -> Colour | None:
        """The colour of letters; None for one that is not known."""
        if number is not None:
            return _in_palette(_FIRST_OF_FORMATS + number)
        return self._colour(font.color if font is not None else None, otherwise=BLACK)

    def grounds(self, fill: Any) -> tuple[Colour, ...]:
        """The colours behind a cell: one, or the stops of a gradient; none that is not known."""
        if hasattr(fill, "stop"):
            stops = [self._colour(stop.color, otherwise=WHITE) for stop in fill.stop]
            return tuple(stop for stop in stops if stop is not None)
        if fill is None or fill.fill_type is None:
            return (WHITE,)
        usual = _DARK if fill.fill_type.startswith("dark") else _LIGHT
        share = _COVERED.get(fill.fill_type, usual)
        ink = self._colour(fill.fgColor, otherwise=BLACK)
        paper = WHITE if fill.bgColor == _UNSAID else self._colour(fill.bgColor, otherwise=WHITE)
        if ink is None or (paper is None and share < 1):
            return ()
        return (blended(ink, paper or WHITE, share),)

    def is_changed(self, rules: Iterable[Any], fonts: Iterable[Any], fill: Any) -> bool:
        """Whether any of some conditions, or two together, may hide what stands in a cell."""
        changes = {self._change(rule) for rule in rules}
        if any(change.is_telling for change in changes):
            return True
        inks, grounds = [self.ink(font) for font in fonts], self.grounds(fill)
        return any(
            _is_faint(one.ink or other.ink or ink, one.grounds or other.grounds or grounds)
            for one in changes
            for other in (*changes, _Change())
            for ink in inks
        )

    def _change(self, rule: Any) -> _Change:
        style, font = rule.dxf, rule.dxf.font if rule.dxf is not None else None
        marks = (rule.iconSet, rule.dataBar)
        hides = any(mark is not None and mark.showValue is False for mark in marks)
        is_reset = style is not None and style.numFmt is not None
        return _Change(
            self._colour(font.color, otherwise=None) if font is not None else None,
            self._painted(rule),
            hides or is_reset or self.look(font, ()) is not Look.PLAIN,
        )

    def _painted(self, rule: Any) -> tuple[Colour, ...]:
        """The colours that a condition may lay behind a cell."""
        fill = rule.dxf.fill if rule.dxf is not None else None
        said: list[Any] = []
        if fill is not None and hasattr(fill, "stop"):
            said += [stop.color for stop in fill.stop]
        elif fill is not None:  # of the two colours of a pattern either may be that of the ground
            said += [colour for colour in (fill.bgColor, fill.fgColor) if colour != _UNSAID]
        for scale in (rule.colorScale, rule.dataBar):
            colours = scale.color if scale is not None else ()
            said += colours if isinstance(colours, list) else [colours] if colours else []
        found = (self._colour(colour, otherwise=None) for colour in said)
        return tuple(colour for colour in found if colour is not None)

    def _colour(self, said: Any, *, otherwise: Colour | None) -> Colour | None:
        """A colour; None for one that is not known."""
        if said is None:
            return otherwise
        if said.type == "indexed":
            return _in_palette(said.indexed)
        if said.type == "theme":
            slot = SLOTS[said.theme] if said.theme in range(len(SLOTS)) else ""
            found = self.theme.of(slot)
        else:
            found = colour_of(str(said.rgb)[-6:]) if said.type == "rgb" else otherwise
        return None if found is None else tinted(found, float(said.tint or 0))


def _is_faint(ink: Colour | None, grounds: tuple[Colour, ...]) -> bool:
    return ink is not None and any(is_alike(ink, ground) for ground in grounds)


def _in_palette(place: int) -> Colour | None:
    if place in _OF_THE_SYSTEM:
        return _OF_THE_SYSTEM[place]
    return colour_of(COLOR_INDEX[place][-6:]) if place in range(len(COLOR_INDEX)) else None


def may_hold(rule: Any, value: object) -> bool:
    """Whether a condition may hold for a value: that is known where it compares with numbers.

    A text is greater than any number.
    """
    formulas = [str(formula).strip().upper() for formula in rule.formula or ()]
    if rule.type == "expression":
        return _FALSE.isdisjoint(formulas[:1])
    if rule.type != "cellIs" or not formulas:
        return True
    try:
        low, high = float(formulas[0]), float(formulas[-1])
    except ValueError:
        return True
    number = float(value) if isinstance(value, int | float) else math.inf
    return {
        "lessThan": number < low,
        "lessThanOrEqual": number <= low,
        "equal": number == low,
        "notEqual": number != low,
        "greaterThanOrEqual": number >= low,
        "greaterThan": number > low,
        "between": low <= number <= high,
        "notBetween": not low <= number <= high,
    }.get(str(rule.operator), True)
