"""How OpenDocument sets its letters: the styles of a file, each with those that it is based on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gouji.landing.shown import CLOSEST, SMALLEST, WHITE, Colour, Look, colour_of, is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

_LENGTH = re.compile(r"(-?\d*\.?\d+)(pt|cm|mm|in|px|pc|%)?")
_POINTS = {"pt": 1.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "px": 0.75, "pc": 12.0}
_AUTOMATIC: Colour = ()  # black, and white on what is dark: letters that are always seen
_COLOURED = frozenset(["color", "use-window-font-color"])
_OF_COLOUR = _COLOURED | {"opacity"}
_LOWEST = 2.0  # points: what is set in lines, rows or columns of this size is not seen
_FARTHEST = -250.0  # points: what is set in so far stands beside the page
_NARROWEST = 10.0  # per cent of a letter's width or ink: what has less is not seen
_RAISED = 10.0  # per cent of a letter's size by which it is raised like a note mark
_PROPERTIES = frozenset(
    f"{family}-properties" for family in ("text", "paragraph", "table-cell", "table-row")
) | {"table-column-properties", "table-properties", "section-properties"}

_NUMBER_STYLES = [f"{{*}}{kind}-style" for kind in ("number", "currency", "percentage", "text")]

Properties = dict[str, str]


def local(name: object) -> str:
    """The name of an element or attribute without its namespace; empty for a comment."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def named(element: etree._Element, name: str) -> str:
    """An attribute by its name without a namespace; empty where there is none."""
    return next((str(v) for key, v in element.attrib.items() if local(key) == name), "")


def points(length: str, otherwise: float) -> float:
    """A length in points; of a share or of nothing `otherwise`."""
    match = _LENGTH.fullmatch(length)
    if match is None or match[2] == "%" or match[2] is None:
        return otherwise
    return float(match[1]) * _POINTS[match[2]]


def _share(length: str) -> float:
    match = _LENGTH.fullmatch(length)
    return float(match[1]) if match is not None and match[2] == "%" else 100.0


def _conditions(style: etree._Element) -> list[tuple[str, str]]:
    """On which conditions a style gives way to which others."""
    return [
        (named(one, "condition"), named(one, "apply-style-name"))
        for one in style.iterchildren("{*}map")
    ]


class Styles:
    """The styles of a file by family and name."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self.own: dict[tuple[str, str], tuple[str, str, Properties]] = {}
        self.conditional: dict[str, list[tuple[str, str]]] = {}  # of the styles of cells
        self.fonts: dict[str, str] = {}
        self.numbered: set[str] = set()  # lists that count
        self.filling: set[str] = set()  # number formats that fill their cell with a sign
        # The colours that number formats set themselves; sections of others, by their conditions.
        self.inks: dict[str, Colour | None] = {}
        self.sections: dict[str, list[tuple[str, str]]] = {}
        self.known: dict[tuple[str, str], Properties] = {}
        for root in roots:
            for element in root.iter("{*}style", "{*}default-style"):
                self._add(element)
            for font in root.iter("{*}font-face"):
                self.fonts[named(font, "name")] = named(font, "font-family").strip("'\"")
            for style in root.iter("{*}list-style"):
                levels = style.iterchildren("{*}list-level-style-number")
                if any(named(level, "num-format") for level in levels):
                    self.numbered.add(named(style, "name"))
            for style in root.iter(*_NUMBER_STYLES):
                self._add_ink(style)
            for character in root.iter("{*}fill-character"):
                parent = character.getparent()
                if parent is not None:
                    self.filling.add(named(parent, "name"))

    def _add(self, style: etree._Element) -> None:
        key = named(style, "family"), named(style, "name")
        said: Properties = {}
        for part in style:
            if local(part.tag) in _PROPERTIES:
                said |= {local(name): str(value) for name, value in part.attrib.items()}
        for name in ("data-style-name", "list-style-name"):
            if named(style, name):
                said[name] = named(style, name)
        self.own[key] = (named(style, "parent-style-name"), named(style, "name"), said)
        if key[0] == "table-cell":
            self.conditional[key[1]] = _conditions(style)

    def _add_ink(self, style: etree._Element) -> None:
        said = (named(part, "color") for part in style.iterchildren("{*}text-properties"))
        self.inks[named(style, "name")] = colour_of(next(said, "").lstrip("#"))
        self.sections[named(style, "name")] = _conditions(style)

    def of(self, family: str, name: str) -> Properties:
        """What a style says with all that it is based on; without a name, what is usual."""
        key = family, name
        if key not in self.known:
            self.known[key] = {}  # for styles that are based on themselves
            parent, _, said = self.own.get(key, ("", "", {}))
            above = self.of(family, parent) if name else {}
            if not _COLOURED.isdisjoint(said):  # a colour comes with an opacity of its own
                above = {what: value for what, value in above.items() if what not in _OF_COLOUR}
            self.known[key] = above | said
        return self.known[key]

    def is_telling(self, name: str, how: Set) -> bool:
        """Whether a style that a condition sets changes how letters are read that are set so."""
        said = self.of("table-cell", name)
        is_set = dressed(how, said, self.fonts).look is not Look.PLAIN
        own = self.own.get(("table-cell", name), ("", "", {}))[2]
        return is_set or "data-style-name" in own


@dataclass(frozen=True, slots=True)
class Set:
    """How letters are set; sizes are in points."""

    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    is_out: bool = False  # beside the page, or in lines of no height
    is_turned: bool = False
    size: float = 12.0
    gap: float = 0.0  # points between its letters beside what the font leaves
    colour: Colour | None = _AUTOMATIC
    is_clear: bool = False  # one sees through its letters
    ground: Colour | None = WHITE
    font: str = ""

    @property
    def look(self) -> Look:
        """The look of such letters."""
        if self.is_out:
            return Look.UNSEEN
        if self.is_struck:
            return Look.STRUCK
        if self.is_raised:
            return Look.RAISED
        if self.is_turned:
            return Look.TURNED
        return Look.FAINT if self.is_faint else Look.PLAIN

    @property
    def is_faint(self) -> bool:
        """Whether such letters have the colour of their ground, or none."""
        is_known = bool(self.colour and self.ground)
        return self.is_clear or (is_known and is_alike(self.colour or (), self.ground or ()))

    @property
    def is_overlaid(self) -> bool:
        """Whether such letters lie over one another."""
        return self.gap <= -CLOSEST * self.size

    @property
    def is_unseen(self) -> bool:
        """Whether such letters are left out without a trace."""
        return self.is_hidden or self.size <= SMALLEST


def dressed(how: Set, said: Properties, fonts: dict[str, str]) -> Set:
    """The same with what the properties of a style change."""
    if not said:
        return how
    changes = {**_drawn(said), **_placed(how, said)}
    name = said.get("font-name") or said.get("font-family")
    if name:
        changes["font"] = fonts.get(name, name).strip("'\"")
    return replace(how, **changes)  # type: ignore[arg-type]


def _drawn(said: Properties) -> dict[str, object]:
    """What a style changes of how letters are drawn: not at all, struck, in which colours."""
    changes: dict[str, object] = {}
    if "display" in said:
        changes["is_hidden"] = said["display"] == "none"
    if _share(said.get("text-scale", "")) <= _NARROWEST:
        changes["is_hidden"] = True
    strikes = [said.get(f"text-line-through-{name}") for name in ("style", "type")]
    if strikes != [None, None]:
        changes["is_struck"] = any(strike not in (None, "none") for strike in strikes)
    behind = said.get("background-color", "")
    if behind and behind != "transparent":
        changes["ground"] = colour_of(behind.lstrip("#"))
    if said.get("use-window-font-color") == "true":
        # LibreOffice writes for an automatic colour that it is of no opacity, which says nothing.
        changes |= {"colour": _AUTOMATIC, "is_clear": False}
    elif "color" in said or "opacity" in said:
        changes["is_clear"] = _share(said.get("opacity", "")) <= _NARROWEST
        if "color" in said:
            changes["colour"] = colour_of(said["color"].lstrip("#"))
    return changes


def _placed(how: Set, said: Properties) -> dict[str, object]:
    """What a style changes of where letters stand and how large."""
    changes: dict[str, object] = {}
    raised = said.get("text-position", "").split()
    if raised:
        is_moved = _LENGTH.fullmatch(raised[0]) is not None and abs(_share(raised[0])) >= _RAISED
        changes["is_raised"] = raised[0] in ("super", "sub") or is_moved
    size = said.get("font-size", "")
    if size:
        changes["size"] = points(size, how.size * _share(size) / 100)
    is_low = points(said.get("line-height", ""), _LOWEST + 1) <= _LOWEST
    left = points(said.get("margin-left", ""), 0)
    if is_low or min(left, left + points(said.get("text-indent", ""), 0)) <= _FARTHEST:
        changes["is_out"] = True
    if "letter-spacing" in said:
        changes["gap"] = points(said["letter-spacing"], 0)
    is_on_its_head = said.get("rotation-angle", "0") == "180"
    if is_on_its_head or said.get("text-rotation-angle", "0") not in ("0", "90", "270"):
        changes["is_turned"] = True
    return changes


def is_narrow(said: Properties) -> bool:
    """Whether a row or column of such a style is too narrow to be seen."""
    least = _LOWEST + 1
    is_thin = points(said.get("column-width", ""), least) < _LOWEST
    is_held = said.get("use-optimal-row-height") != "true"
    return is_thin or (is_held and points(said.get("row-height", ""), least) < _LOWEST)
