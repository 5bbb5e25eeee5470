"""The styles of a Word file: of paragraphs, of letters, and of tables with their parts.

A table's style is beneath those of its paragraphs, and says more of the first row, the last column
and so on, as far as the table asks for it (ECMA-376, 17.7.6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gouji.landing.docx_look import (
    OFF,
    Said,
    Setting,
    W,
    ground,
    is_hex,
    number_in,
    of_paragraph,
    of_run,
)

if TYPE_CHECKING:
    from lxml import etree

    from gouji.landing.office_colours import Theme

# What a table may ask for of its style, or ask to leave: each attribute's bit in an older one.
_LOOKS = {
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "firstRow": 0x20,
    "lastRow": 0x40,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
# The parts at the edges of a table, those that go before the others last.
_EDGES = ("firstRow", "lastRow", "firstCol", "lastCol")
_CORNERS = {
    "neCell": ("firstRow", "lastCol"),
    "nwCell": ("firstRow", "firstCol"),
    "seCell": ("lastRow", "lastCol"),
    "swCell": ("lastRow", "firstCol"),
}


@dataclass(frozen=True, slots=True)
class TableStyle:
    """What a table's style says of its cells, and of which of its parts the table asks it."""

    said: Said = field(default_factory=dict)
    parts: dict[str, Said] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    band: tuple[int, int] = (1, 1)  # rows and columns

    def of_cell(self, row: int, rows: int, columns: range, width: int) -> Said:
        """What it says of a cell in a row of so many, over columns of a table so wide."""
        if not self.parts:
            return self.said
        first, last = row == 0, row == rows - 1
        left, right = columns.start == 0, columns.stop == width
        is_in = {
            "firstRow": first and "firstRow" in self.asked,
            "lastRow": last and "lastRow" in self.asked,
            "firstCol": left and "firstColumn" in self.asked,
            "lastCol": right and "lastColumn" in self.asked,
        }
        names = [*self._bands(row, columns.start), *(name for name in _EDGES if is_in[name])]
        for name, (upright, across) in _CORNERS.items():
            if is_in[upright] and is_in[across]:
                names.append(name)
        said = dict(self.said)
        for name in names:
            said |= self.parts.get(name, {})
        return said

    def _bands(self, row: int, column: int) -> list[str]:
        """The bands of columns and rows in which a cell lies; they begin after the first ones."""
        found = []
        across, down = column - ("firstColumn" in self.asked), row - ("firstRow" in self.asked)
        for at, size, no, name in (
            (across, self.band[1], "noVBand", "Vert"),
            (down, self.band[0], "noHBand", "Horz"),
        ):
            if at >= 0 and no not in self.asked:
                found.append(f"band{at // max(1, size) % 2 + 1}{name}")
        return found


class Styles:
    """The styles of a file, each with what those say that it is based on."""

    def __init__(self, styles: etree._Element, theme: Theme) -> None:
        self.theme = theme
        named = ((style.get(f"{W}styleId"), style) for style in styles.iterchildren(f"{W}style"))
        self.styles = {identity: style for identity, style in named if identity}
        self.usual = {"pStyle": self._usual("paragraph"), "tblStyle": self._usual("table")}
        self.known: dict[str, Said] = {}
        defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.bare = Setting().dressed(of_run(defaults, theme))

    def _usual(self, kind: str) -> str:
        """The style of paragraphs or tables that name none."""
        usual = (
            identity
            for identity, style in self.styles.items()
            if style.get(f"{W}default", "0") not in OFF and style.get(f"{W}type") == kind
        )
        return next(usual, "")

    def paragraph(self, paragraph: etree._Element, around: Setting) -> Setting:
        """How the letters of a paragraph are set, by those around it."""
        properties = paragraph.find(f"{W}pPr")
        styled = around.styled(self._style(self._named(properties, "pStyle")))
        return styled.dressed(of_paragraph(properties, self.theme))

    def run(self, run: etree._Element, around: Setting) -> Setting:
        """How a run is set, by the paragraph around it."""
        properties = run.find(f"{W}rPr")
        styled = around.styled(self._style(self._named(properties, "rStyle")))
        return styled.dressed(of_run(properties, self.theme))

    def of_table(self, table: etree._Element) -> TableStyle:
        """The style of a table."""
        properties = table.find(f"{W}tblPr")
        chain = self._chain(self._named(properties, "tblStyle"))
        if not chain:
            return TableStyle()
        parts: dict[str, Said] = {}
        bands = [1, 1]
        for style in chain:
            for part in style.iterchildren(f"{W}tblStylePr"):
                name = part.get(f"{W}type", "")
                parts[name] = parts.get(name, {}) | self._said_of_cells(part)
            for at, name in enumerate(("Row", "Col")):
                size = style.find(f"{W}tblPr/{W}tblStyle{name}BandSize")
                bands[at] = number_in(size, f"{W}val") or bands[at]
        said: Said = {}
        for style in chain:
            said |= self._said_of_cells(style)
        said |= parts.pop("wholeTable", {})
        return TableStyle(
            said,
            {name: part for name, part in parts.items() if part},
            _asked(properties),
            (bands[0], bands[1]),
        )

    def _said_of_cells(self, style: etree._Element) -> Said:
        """What a table's style, or a part of it, says of what stands in cells."""
        return (
            ground(style.find(f"{W}tcPr"), self.theme)
            | of_paragraph(style.find(f"{W}pPr"), self.theme)
            | of_run(style.find(f"{W}rPr"), self.theme)
        )

    def _named(self, properties: etree._Element | None, name: str) -> str:
        named = properties.find(f"{W}{name}") if properties is not None else None
        return named.get(f"{W}val", "") if named is not None else self.usual.get(name, "")

    def _chain(self, identity: str) -> list[etree._Element]:
        """A style and those that it is based on, the farthest first."""
        chain: list[etree._Element] = []
        while (style := self.styles.get(identity)) is not None and style not in chain:
            chain.append(style)
            base = style.find(f"{W}basedOn")
            identity = base.get(f"{W}val", "") if base is not None else ""
        return chain[::-1]

    def _style(self, identity: str) -> Said:
        """What a style of paragraphs or letters says."""
        if identity not in self.known:
            said: Said = {}
            for style in self._chain(identity):
                said |= of_paragraph(style.find(f"{W}pPr"), self.theme)
                said |= of_run(style.find(f"{W}rPr"), self.theme)
            self.known[identity] = said
        return self.known[identity]


def _asked(properties: etree._Element | None) -> frozenset[str]:
    """The parts of its style that a table asks for; of one that says nothing, no edges."""
    look = properties.find(f"{W}tblLook") if properties is not None else None
    if look is None:
        return frozenset()
    value = look.get(f"{W}val", "")
    bits = int(value, 16) if is_hex(value) else 0
    said = {name: look.get(f"{W}{name}") for name in _LOOKS}
    return frozenset(
        name
        for name, bit in _LOOKS.items()
        if (bits & bit if said[name] is None else str(said[name]).lower() not in OFF)
    )
