"""Word files (.docx) to the grid model."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.office_colours import BLACK, Theme, blended, lit, tinted
from gouji.landing.office_strict import transitional
from gouji.landing.shown import (
    CLOSEST,
    PICTURE_FONTS,
    SMALLEST,
    WHITE,
    Doubt,
    Look,
    colour_of,
    crossed,
    is_alike,
    read_cell,
    symbol,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from lxml import etree

    from gouji.landing.shown import Colour, Piece

MAX_SPAN = 1_000
_LOWEST = 40  # twentieths of a point: what is set in lines or rows of this height is not seen
_LOW = 120  # in rows that leave a line this height letters are cut
_FARTHEST = -5_000  # twentieths of a point: what is set in so far stands beside the page
_RAISED = 6  # half points above or below the line from which letters are raised by hand
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_P, _TBL, _TR, _TC, _R = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r"))
_TEXTS = {
    qn("w:tab"): "\n",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:ptab"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_LEFT_OUT = frozenset(
    [
        *(qn(f"w:{name}") for name in ("del", "moveFrom", "instrText", "delText", "rt", "rPr")),
        *(qn(f"w:{name}") for name in ("sdtPr", "fldData", "pPr", "tcPr")),
        f"{_COMPATIBLE}Fallback",  # the same again, for old programs
    ]
)
_DOUBTS = {
    qn("w:drawing"): Doubt.PICTURE,
    qn("w:pict"): Doubt.PICTURE,
    qn("w:object"): Doubt.EMBEDDED,
    qn("w:altChunk"): Doubt.EMBEDDED,
    qn("w:control"): Doubt.FIELD,
    qn("w:bdo"): Doubt.TURNED,
    **{
        qn(f"w:{name}"): Doubt.COUNTED
        for name in ("pgNum", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort")
    },
    qn("w:yearLong"): Doubt.COUNTED,
    f"{_MATHS}oMath": Doubt.EQUATION,
    f"{_MATHS}oMathPara": Doubt.EQUATION,
}
_WRAPPERS = frozenset(
    qn(f"w:{name}")
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink")
)
_Said = dict[str, Any]  # what is said of aspects of `_Set`
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
_SMALL = 13  # half points: letters up to this size that are raised by hand are note marks
_NARROWEST = 10  # per cent of a letter's width: narrower letters are not seen
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF = frozenset(["0", "false", "off", "none"])


def read_docx(data: bytes) -> Document:
    """Read a Word file: its body in order, deletions and hidden text left out.

    A damaged file raises whatever error the parser meets first.
    """
    opened = docx.Document(io.BytesIO(transitional(data)))
    body = opened.element.body
    title = clean(opened.core_properties.title or "")
    document = Document(title=title)
    word = _Word(opened.styles.element, _theme(opened))
    tables = 0
    for element in _blocks(body):
        if element.tag == _P:
            text = word.prose(element)
            if text:
                document.blocks.append(Paragraph(text, _is_heading(element)))
        else:
            tables += 1
            place = f"table {tables}"
            document.blocks.append(build_table(_rows(element, place, word), place))
    if not document.blocks:
        raise Refused("it holds no text")
    return document


def _theme(opened: WordDocument) -> Theme:
    try:
        return Theme(opened.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    except KeyError:
        return Theme()


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of the body, whatever wraps them.

    A table that holds tables is most often layout: the paragraphs and tables of its cells follow.
    So do the tables in the text boxes of a paragraph, whose text is a part of its own.
    """
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == _P:
            yield element
            boxes = [box for box in element.iter(qn("w:txbxContent")) if _is_there(box)]
            stack.extend(reversed([table for box in boxes for table in _children(box, _TBL)]))
        elif element.tag == _TBL:
            yield element
            if next(element.iterdescendants(_TBL), None) is not None:
                cells = [cell for row in _children(element, _TR) for cell in _children(row, _TC)]
                stack.extend(reversed([part for cell in cells for part in cell]))
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _is_there(box: etree._Element) -> bool:
    """Whether a text box is shown: not deleted, and not the same again for old programs."""
    return all(around.tag not in _LEFT_OUT for around in box.iterancestors())


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = style.get(qn("w:val"), "") if style is not None else ""
    return name.lower().startswith(("heading", "title")) or name.isdigit()


@dataclass(frozen=True, slots=True)
class _Set:
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
        return self.vanish or self.size <= 2 * SMALLEST or self.width <= _NARROWEST

    @property
    def is_overlaid(self) -> bool:
        return self.gap <= -CLOSEST * 10 * self.size

    @property
    def is_faint(self) -> bool:
        inks = self.inks or ((BLACK,) if self.is_marked else ())
        return self.is_clear or any(is_alike(ink, self.ground) for ink in inks)

    @property
    def look(self) -> Look:
        if self.is_out:
            return Look.UNSEEN
        if self.strike or self.dstrike:
            return Look.STRUCK
        if self.is_raised or abs(self.position) >= _RAISED:
            return Look.RAISED
        return Look.FAINT if self.is_faint else Look.PLAIN

    def dressed(self, said: _Said) -> _Set:
        """The same with what is said of a run or a paragraph itself."""
        return replace(self, **said) if said else self

    def styled(self, said: _Said) -> _Set:
        """The same with what a style says: what two kinds of styles switch on is off."""
        switched = {name: said[name] != getattr(self, name) for name in _SWITCHES & said.keys()}
        return self.dressed(said | switched)


def _of_run(properties: etree._Element | None, theme: Theme) -> _Said:
    """What run properties say."""
    if properties is None:
        return {}
    said: _Said = {}
    for name in ("vanish", "strike", "dstrike"):
        is_on = _toggle(properties, name)
        if is_on is not None:
            said[name] = is_on
    for name, (tag, per_point) in _NUMBERS.items():
        number = _number_in(properties.find(f"{_W}{tag}"), f"{_W}val", per_point=per_point)
        if number is not None:
            said[name] = number
    raised = properties.find(f"{_W}vertAlign")
    if raised is not None:
        said["is_raised"] = raised.get(f"{_W}val") in ("superscript", "subscript")
    fonts = properties.find(f"{_W}rFonts")
    font = (fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")) if fonts is not None else None
    if font:
        said["font"] = font
    return said | _ink(properties, theme) | _ground(properties, theme)


def _of_paragraph(properties: etree._Element | None, theme: Theme) -> _Said:
    """What paragraph properties say of its letters: where they stand, on what, its number."""
    if properties is None:
        return {}
    said = _ground(properties, theme)
    if _is_out(properties):
        said["is_out"] = True
    numbers = properties.find(f"{_W}numPr")
    if numbers is not None:
        said["is_counted"] = _integer(numbers.find(f"{_W}numId"), 0) != 0
    return said


def _toggle(properties: etree._Element, name: str) -> bool | None:
    """A property that is on, off or not said."""
    element = properties.find(f"{_W}{name}")
    return None if element is None else element.get(f"{_W}val", "1").lower() not in _OFF


def _integer(element: etree._Element | None, otherwise: int) -> int:
    number = _number_in(element, f"{_W}val")
    return otherwise if number is None else number


# -- colours


def _ink(properties: etree._Element, theme: Theme) -> _Said:
    """The colours of letters; a filling goes before a plain colour."""
    filling = properties.find(f"{_W14}textFill")
    colour = properties.find(f"{_W}color")
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
    value = _number_in(colour.find(f"{_W14}lum{name}"), f"{_W14}val")
    return usual if value is None else value / 100_000


def _is_clear(colour: etree._Element) -> bool:
    """Whether a filling is as good as transparent: Word writes how much of it is."""
    return (_number_in(colour.find(f"{_W14}alpha"), f"{_W14}val") or 0) >= _CLEAR


def _coloured(element: etree._Element, name: str, themed: str, theme: Theme) -> Colour | None:
    """A colour by its digits, or by its name in the theme; None for an automatic one."""
    themed_name = element.get(f"{_W}{themed}" + ("Color" if themed == "theme" else ""), "")
    colour = theme.of(themed_name)
    if colour is None:
        return colour_of(element.get(f"{_W}{name}", ""))
    for how, sign in (("Tint", 1), ("Shade", -1)):
        part = element.get(f"{_W}{themed}{how}", "")
        if len(part) == 2 and _is_hex(part):
            colour = tinted(colour, sign * (1 - int(part, 16) / 255))
    return colour


def _ground(properties: etree._Element | None, theme: Theme) -> _Said:
    """The colour that lies behind a run, a paragraph or a cell, where one does."""
    if properties is None:
        return {}
    marked = properties.find(f"{_W}highlight")
    name = marked.get(f"{_W}val", "none") if marked is not None else "none"
    if name != "none":
        return {"ground": colour_of(_MARKERS.get(name, "")) or WHITE, "is_marked": True}
    shade = properties.find(f"{_W}shd")
    if shade is None:
        return {}
    paper = _coloured(shade, "fill", "themeFill", theme)
    share = _share(shade.get(f"{_W}val", "clear"))
    if share:
        ink = _coloured(shade, "color", "theme", theme) or BLACK
        paper = blended(ink, paper or WHITE, share)
    return {"ground": paper, "is_marked": False} if paper else {}


def _share(pattern: str) -> float:
    """How much of a ground the ink of a pattern covers."""
    if pattern.startswith("pct") and pattern[3:].isdecimal():
        return int(pattern[3:]) / 100
    return _PATTERNS.get(pattern, _THIN if pattern.startswith("thin") else _STRIPED)


class _Word:
    """Reads the text of paragraphs and cells by the styles of a file."""

    def __init__(self, styles: etree._Element, theme: Theme) -> None:
        self.theme = theme
        self.styles = {
            style.get(f"{_W}styleId", ""): style for style in styles.iterchildren(f"{_W}style")
        }
        usual = (
            identity
            for identity, style in self.styles.items()
            if style.get(f"{_W}default") and style.get(f"{_W}type") == "paragraph"
        )
        self.usual = {"pStyle": next(usual, "")}  # of paragraphs that name none
        self.known: dict[str, _Said] = {}
        defaults = styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")
        self.bare = _Set().dressed(_of_run(defaults, theme))

    def prose(self, paragraph: etree._Element) -> str:
        """The text of a paragraph that stands in no cell."""
        pieces, _ = self._pieces(paragraph, self.bare, in_cell=False)
        shown = (Look.PLAIN, Look.FAINT)
        return clean("".join(text for text, how in pieces if how.look in shown))

    def cell(self, cell: etree._Element) -> tuple[str, str]:
        """The text of a cell and what makes it doubtful."""
        how = self.bare.dressed(_ground(cell.find(f"{_W}tcPr"), self.theme))
        pieces, doubt = self._pieces(cell, how, in_cell=True)
        return read_cell(_levelled(pieces), doubt)

    def _style(self, identity: str) -> _Said:
        """What a style says, with the styles that it is based on."""
        found = self.known.get(identity)
        if found is not None:
            return found
        self.known[identity] = {}  # for styles that are based on themselves
        style = self.styles.get(identity)
        if style is None:
            return {}
        base = style.find(f"{_W}basedOn")
        above = self._style(base.get(f"{_W}val", "")) if base is not None else {}
        of_paragraph = _of_paragraph(style.find(f"{_W}pPr"), self.theme)
        said = above | of_paragraph | _of_run(style.find(f"{_W}rPr"), self.theme)
        self.known[identity] = said
        return said

    def _styled(self, properties: etree._Element | None, name: str, before: _Set) -> _Set:
        """How a paragraph or run is set by its style."""
        named = properties.find(f"{_W}{name}") if properties is not None else None
        identity = named.get(f"{_W}val", "") if named is not None else self.usual.get(name, "")
        return before.styled(self._style(identity)) if identity else before

    def _pieces(
        self, element: etree._Element, how: _Set, *, in_cell: bool
    ) -> tuple[list[tuple[str, _Set]], str]:
        """What stands under an element in pieces, paragraphs apart by a space; and a doubt."""
        pieces: list[tuple[str, _Set]] = []
        doubt = ""
        open_fields: list[bool] = []  # whether their results have begun
        stack: list[tuple[etree._Element, _Set]] = [(element, how)]
        while stack:
            node, how = stack.pop()
            tag = node.tag
            if tag in _LEFT_OUT or (tag == _TBL and node is not element):
                doubt = doubt or (Doubt.NESTED if tag == _TBL else "")
                continue
            if tag in _DOUBTS:
                doubt = doubt or _DOUBTS[tag]
                if in_cell:
                    continue
            if tag == _P:
                how = self._paragraph(node, how)
                pieces.append(("\n", _Set()))
                doubt = doubt or (Doubt.COUNTED if how.is_counted else "")
            elif tag == _R:
                properties = node.find(f"{_W}rPr")
                how = self._styled(properties, "rStyle", how)
                how = how.dressed(_of_run(properties, self.theme))
                if how.is_hidden and node.find(f"{_W}fldChar") is None:
                    continue
            elif tag == f"{_W}fldSimple" and next(node.iter(f"{_W}t"), None) is None:
                doubt = doubt or Doubt.FORMULA
            elif tag == f"{_W}sdt" and _is_control(node):
                doubt = doubt or Doubt.FIELD
            elif tag == f"{_W}fldChar":
                doubt = doubt or _field(node, open_fields)
            elif all(open_fields):
                text, unclear = _text(node, how)
                doubt = doubt or unclear
                if text:
                    pieces.append((text, how))
            stack.extend([(child, how) for child in reversed(node)])
        return pieces, doubt or (Doubt.FIELD if open_fields else "")

    def _paragraph(self, node: etree._Element, how: _Set) -> _Set:
        properties = node.find(f"{_W}pPr")
        return self._styled(properties, "pStyle", how).dressed(
            _of_paragraph(properties, self.theme)
        )


def _levelled(pieces: list[tuple[str, _Set]]) -> list[Piece]:
    """Pieces with their looks; what is raised by hand as a whole stands beside no line.

    Programs set numbers so in the middle of a cell.
    """
    set_so = {(how.position, how.size > _SMALL) for text, how in pieces if text.strip()}
    if len(set_so) == 1 and set_so.pop()[1]:
        return [(text, replace(how, position=0).look) for text, how in pieces]
    return [(text, how.look) for text, how in pieces]


def _is_out(properties: etree._Element) -> bool:
    """Whether a paragraph stands beside the page, or in lines of no height."""
    lines, sides, frame = (properties.find(f"{_W}{name}") for name in ("spacing", "ind", "framePr"))
    if lines is not None and lines.get(f"{_W}lineRule") == "exact":
        height = _number_in(lines, f"{_W}line")
        if height is not None and height <= _LOWEST:
            return True
    left = _number_in(sides, f"{_W}left", f"{_W}start") or 0
    first = _number_in(sides, f"{_W}firstLine") or 0
    first -= _number_in(sides, f"{_W}hanging") or 0
    across, down = (_number_in(frame, f"{_W}{name}") or 0 for name in ("x", "y"))
    return min(left, left + first, across, down) <= _FARTHEST


def _number_in(element: etree._Element | None, *names: str, per_point: int = 20) -> int | None:
    """The number that the first of some attributes gives; a length in so many parts of a point."""
    said = [element.get(name) for name in names] if element is not None else []
    found = _MEASURE.fullmatch(next(filter(None, said), ""))
    if found is None:
        return None
    is_bare = found[2] in (None, "%")
    return round(float(found[1]) * (1 if is_bare else _POINTS.get(found[2], 1.0) * per_point))


def _is_control(node: etree._Element) -> bool:
    """Whether a content control is a box to be ticked, or shows what to write into it."""
    properties = node.find(f"{_W}sdtPr")
    if properties is None:
        return False
    is_empty = properties.find(f"{_W}showingPlcHdr") is not None
    return is_empty or properties.find("{*}checkbox") is not None


def _field(node: etree._Element, around: list[bool]) -> str:
    """Follow the beginning, the result or the end of a field; a form control is a doubt."""
    kind = node.get(f"{_W}fldCharType")
    if kind == "begin":
        around.append(False)
        if node.get(f"{_W}dirty", "0").lower() not in _OFF:
            return Doubt.FORMULA
        controls = [node.find(f".//{_W}{name}") for name in ("checkBox", "ddList")]
        return Doubt.FIELD if any(control is not None for control in controls) else ""
    if kind == "separate" and around:
        around[-1] = True
    elif kind == "end" and around:
        has_result = around.pop()
        return "" if has_result or not all(around) else Doubt.FORMULA
    return ""


def _text(node: etree._Element, how: _Set) -> tuple[str, str]:
    """The text that an element itself is, and what makes it doubtful."""
    tag = node.tag
    if tag == f"{_W}t":
        text = node.text or ""
        if how.is_overlaid and text.strip():
            return text, Doubt.OVERLAID
        if how.font.lower() in PICTURE_FONTS and text.strip():
            return "", Doubt.SYMBOL
        if how.font and symbol(how.font, ord("0")) is not None:
            characters = [symbol(how.font, ord(char)) for char in text]
            return "".join(filter(None, characters)), "" if all(characters) else Doubt.SYMBOL
        return text, ""
    if tag == f"{_W}sym":
        code = node.get(f"{_W}char", "")
        char = symbol(node.get(f"{_W}font", ""), int(code, 16)) if _is_hex(code) else None
        return char or "", "" if char else Doubt.SYMBOL
    return _TEXTS.get(tag, ""), ""


def _is_hex(code: str) -> bool:
    return 0 < len(code) <= 6 and all(char in "0123456789abcdefABCDEF" for char in code)


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _is_gone(properties: etree._Element) -> bool:
    """Whether a row is deleted, hidden or of no height."""
    if properties.find(qn("w:del")) is not None or _toggle(properties, "hidden"):
        return True
    height = _height(properties)
    return height is not None and height <= _LOWEST


def _height(properties: etree._Element) -> int | None:
    """The height that a row is held to, whatever stands in it; None for one that is not."""
    height = properties.find(qn("w:trHeight"))
    is_exact = height is not None and height.get(qn("w:hRule")) == "exact"
    return _number_in(height, f"{_W}val") if is_exact else None


def _number(element: etree._Element | None, place: str) -> int:
    value = element.get(qn("w:val"), "1") if element is not None else "1"
    number = int(value) if value.isdigit() and len(value) < 10 else 1
    if number > MAX_SPAN:
        raise Refused(f"{place}: a cell spans {number} columns")
    return number


def _goes_on(properties: etree._Element | None) -> bool:
    """Whether a cell is merged into the one to its left, as old programs write it."""
    merge = properties.find(qn("w:hMerge")) if properties is not None else None
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _rows(table: etree._Element, place: str, word: _Word) -> list[list[RawCell]]:
    """The rows of a table with the spans that Word writes as merges."""
    open_cells: dict[int, tuple[int, int]] = {}  # first column -> (row, place in it) of the merge
    rows: list[list[RawCell]] = []
    for row_element in _children(table, _TR):
        properties = row_element.find(qn("w:trPr"))
        if properties is not None and _is_gone(properties):
            continue
        row: list[RawCell] = []
        column = 0
        if properties is not None and properties.find(qn("w:gridBefore")) is not None:
            column = _number(properties.find(qn("w:gridBefore")), place)
            row.append(RawCell("", 1, column))
        height = _height(properties) if properties is not None else None
        for element in _children(row_element, _TC):
            span, merge = 1, None
            own = element.find(qn("w:tcPr"))
            if own is not None:
                span = _number(own.find(qn("w:gridSpan")), place)
                merge = own.find(qn("w:vMerge"))
            cell = _cell(element, span, word, height)
            if row and _goes_on(own):
                row[-1] = _joined(row[-1], cell)._replace(colspan=row[-1].colspan + span)
            elif merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
                above, at = open_cells[column]
                start = rows[above][at]
                rows[above][at] = _joined(start, cell)._replace(rowspan=start.rowspan + 1)
            else:
                row.append(cell)
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = (len(rows), len(row) - 1)
            column += span
        rows.append(row)
    return rows


def _cell(cell: etree._Element, span: int, word: _Word, height: int | None) -> RawCell:
    """A cell over so many columns, of a row of such a height that may cut its letters."""
    text, doubt = word.cell(cell)
    if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
        doubt = doubt or Doubt.STRUCK
    for name in ("tl2br", "tr2bl"):
        line = cell.find(f"{qn('w:tcPr')}/{qn('w:tcBorders')}/{qn(f'w:{name}')}")
        if line is not None and line.get(qn("w:val")) not in ("nil", "none"):
            doubt = crossed(text, doubt)
    lines = sum(
        any(str(text).strip() for text in part.itertext()) for part in cell.iterchildren(_P)
    )
    if text and height is not None and height <= _LOW * max(1, lines):
        doubt = doubt or Doubt.OVER_EDGE
    return RawCell(text, 1, span, doubt)


def _joined(cell: RawCell, hidden: RawCell) -> RawCell:
    """A cell with the text of one that is merged into it, which Word hides."""
    return cell._replace(text=f"{cell.text} {hidden.text}".strip())
