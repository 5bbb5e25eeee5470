"""Word files (.docx) to the grid model."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.shown import (
    PICTURE_FONTS,
    SMALLEST,
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

    from lxml import etree

    from gouji.landing.shown import Piece

MAX_SPAN = 1_000
_LOWEST = 40  # twentieths of a point: what is set in lines or rows of this height is not seen
_LOW = 120  # in rows of this height letters are cut
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
# The names that Word has for the colours of a marker; auto is black in letters, none behind them.
_MARKERS = {"BLACK": "000000", "WHITE": "FFFFFF", "YELLOW": "FFFF00", "RED": "FF0000"}
_MARKERS |= {"GREEN": "00FF00", "BLUE": "0000FF", "CYAN": "00FFFF", "MAGENTA": "FF00FF"}
_THEMES = {"background1": "FFFFFF", "light1": "FFFFFF", "text1": "000000", "dark1": "000000"}
_NO_COLOUR = "NONE"
_MARKED = "!"  # after the colour of a marker, on which automatic letters stay black
_MARKED_BLACK = "000000" + _MARKED
_NARROWEST = 10  # per cent of a letter's width: narrower letters are not seen
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF = frozenset(["0", "false", "off", "none"])


def read_docx(data: bytes) -> Document:
    """Read a Word file: its body in order, deletions and hidden text left out.

    A damaged file raises whatever error the parser meets first.
    """
    opened = docx.Document(io.BytesIO(data))
    body = opened.element.body
    title = clean(opened.core_properties.title or "")
    document = Document(title=title)
    word = _Word(opened.styles.element)
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


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of the body, whatever wraps them.

    A table that holds tables is most often layout: the paragraphs and tables of its cells follow.
    """
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == _P:
            yield element
        elif element.tag == _TBL:
            yield element
            if next(element.iterdescendants(_TBL), None) is not None:
                cells = [cell for row in _children(element, _TR) for cell in _children(row, _TC)]
                stack.extend(reversed([part for cell in cells for part in cell]))
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = style.get(qn("w:val"), "") if style is not None else ""
    return name.lower().startswith(("heading", "title")) or name.isdigit()


@dataclass(frozen=True, slots=True)
class _Set:
    """How a run is set; `font` is that of its letters."""

    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    colour: str = ""
    ground: str = ""
    is_out: bool = False  # of a paragraph: it stands beside the page, or in lines of no height
    is_counted: bool = False  # of a paragraph: the program puts a number before it
    font: str = ""

    @property
    def look(self) -> Look:
        if self.is_out:
            return Look.UNSEEN
        if self.is_struck:
            return Look.STRUCK
        if self.is_raised:
            return Look.RAISED
        return Look.FAINT if _is_faint(self.colour, self.ground) else Look.PLAIN

    def dressed(self, properties: etree._Element | None) -> _Set:
        """The same with what run properties change."""
        if properties is None:
            return self
        changes: dict[str, bool | str] = {}
        hidden = _toggle(properties, "vanish")
        size = properties.find(f"{_W}sz")
        if size is not None:
            hidden = (hidden or False) or _integer(size, 24) <= 2 * SMALLEST
        if _integer(properties.find(f"{_W}w"), 100) <= _NARROWEST:
            hidden = True
        if hidden is not None:
            changes["is_hidden"] = hidden
        strikes = [_toggle(properties, name) for name in ("strike", "dstrike")]
        if strikes != [None, None]:
            changes["is_struck"] = True in strikes
        raised = properties.find(f"{_W}vertAlign")
        by_hand = properties.find(f"{_W}position")
        if raised is not None or by_hand is not None:
            said = raised.get(f"{_W}val", "") if raised is not None else ""
            changes["is_raised"] = said in ("superscript", "subscript") or (
                by_hand is not None and abs(_integer(by_hand, 0)) >= _RAISED
            )
        colour = properties.find(f"{_W}color")
        if colour is not None:
            themed = _THEMES.get(colour.get(f"{_W}themeColor", ""))
            is_pure = not any(colour.get(f"{_W}theme{how}") for how in ("Tint", "Shade"))
            changes["colour"] = (is_pure and themed) or colour.get(f"{_W}val", "").upper()
        if properties.find(f"{_W14}textFill/{_W14}noFill") is not None:
            changes["colour"] = _NO_COLOUR
        ground = _ground(properties)
        if ground:
            changes["ground"] = ground
        fonts = properties.find(f"{_W}rFonts")
        if fonts is not None:
            font = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")
            changes |= {"font": font} if font else {}
        return replace(self, **changes)  # type: ignore[arg-type]

    def counted(self, properties: etree._Element | None) -> _Set:
        """The same with what paragraph properties say of its number."""
        numbers = properties.find(f"{_W}numPr") if properties is not None else None
        if numbers is None:
            return self
        return replace(self, is_counted=_integer(numbers.find(f"{_W}numId"), 0) != 0)


_ASPECTS = [aspect.name for aspect in fields(_Set)]


def _toggle(properties: etree._Element, name: str) -> bool | None:
    """A property that is on, off or not said."""
    element = properties.find(f"{_W}{name}")
    return None if element is None else element.get(f"{_W}val", "1").lower() not in _OFF


def _integer(element: etree._Element | None, otherwise: int) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    digits = value.lstrip("-")
    return int(value) if digits.isdecimal() and len(digits) < 10 else otherwise


def _ground(properties: etree._Element | None) -> str:
    """The colour that lies behind a run, a paragraph or a cell; empty where none does."""
    if properties is None:
        return ""
    marked = properties.find(f"{_W}highlight")
    if marked is not None:
        name = marked.get(f"{_W}val", "").upper()
        return "" if name == "NONE" else _MARKERS.get(name, name) + _MARKED
    shade = properties.find(f"{_W}shd")
    fill = shade.get(f"{_W}fill", "auto").upper() if shade is not None else "AUTO"
    return "" if fill == "AUTO" else fill


def _is_faint(colour: str, ground: str) -> bool:
    """Whether letters cannot be seen; automatic ones are white on a shade that is black."""
    if colour == _NO_COLOUR:
        return True
    if colour in ("", "AUTO"):
        return ground == _MARKED_BLACK
    letters, behind = colour_of(colour), colour_of(ground.removesuffix(_MARKED) or "FFFFFF")
    return letters is not None and behind is not None and is_alike(letters, behind)


class _Word:
    """Reads the text of paragraphs and cells by the styles of a file."""

    def __init__(self, styles: etree._Element) -> None:
        self.styles = {
            style.get(f"{_W}styleId", ""): style for style in styles.iterchildren(f"{_W}style")
        }
        usual = (
            identity
            for identity, style in self.styles.items()
            if style.get(f"{_W}default") and style.get(f"{_W}type") == "paragraph"
        )
        self.usual = {"pStyle": next(usual, "")}  # of paragraphs that name none
        self.known: dict[str, _Set] = {}

    def prose(self, paragraph: etree._Element) -> str:
        """The text of a paragraph that stands in no cell."""
        pieces, _ = self._pieces(paragraph, _Set(), in_cell=False)
        return clean("".join(text for text, look in pieces if look in (Look.PLAIN, Look.FAINT)))

    def cell(self, cell: etree._Element) -> tuple[str, str]:
        """The text of a cell and what makes it doubtful."""
        ground = _ground(cell.find(f"{_W}tcPr"))
        return read_cell(*self._pieces(cell, _Set(ground=ground), in_cell=True))

    def _style(self, identity: str) -> _Set:
        """What a style says, with the styles that it is based on."""
        found = self.known.get(identity)
        if found is not None:
            return found
        self.known[identity] = _Set()  # for styles that are based on themselves
        style = self.styles.get(identity)
        if style is None:
            return _Set()
        base = style.find(f"{_W}basedOn")
        above = self._style(base.get(f"{_W}val", "")) if base is not None else _Set()
        said = above.counted(style.find(f"{_W}pPr")).dressed(style.find(f"{_W}rPr"))
        self.known[identity] = said
        return said

    def _styled(self, properties: etree._Element | None, name: str, before: _Set) -> _Set:
        """How a paragraph or run is set by its style."""
        named = properties.find(f"{_W}{name}") if properties is not None else None
        identity = named.get(f"{_W}val", "") if named is not None else self.usual.get(name, "")
        if not identity:
            return before
        style = self._style(identity)
        return _Set(*(getattr(style, name) or getattr(before, name) for name in _ASPECTS))

    def _pieces(
        self, element: etree._Element, how: _Set, *, in_cell: bool
    ) -> tuple[list[Piece], str]:
        """What stands under an element in pieces, paragraphs apart by a space; and a doubt."""
        pieces: list[Piece] = []
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
                pieces.append(("\n", Look.PLAIN))
                doubt = doubt or (Doubt.COUNTED if how.is_counted else "")
            elif tag == _R:
                properties = node.find(f"{_W}rPr")
                how = self._styled(properties, "rStyle", how).dressed(properties)
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
                    pieces.append((text, how.look))
            stack.extend([(child, how) for child in reversed(node)])
        return pieces, doubt or (Doubt.FIELD if open_fields else "")

    def _paragraph(self, node: etree._Element, how: _Set) -> _Set:
        properties = node.find(f"{_W}pPr")
        how = self._styled(properties, "pStyle", how).counted(properties)
        return replace(how, ground=_ground(properties) or how.ground, is_out=_is_out(properties))


def _is_out(properties: etree._Element | None) -> bool:
    """Whether a paragraph stands beside the page, or in lines of no height."""
    if properties is None:
        return False
    lines, sides = properties.find(f"{_W}spacing"), properties.find(f"{_W}ind")
    if lines is not None and lines.get(f"{_W}lineRule") == "exact":
        height = lines.get(f"{_W}line", "")
        if height.isdecimal() and int(height) <= _LOWEST:
            return True
    left = sides.get(f"{_W}left", sides.get(f"{_W}start", "")) if sides is not None else ""
    return left.startswith("-") and left[1:].isdecimal() and int(left) <= _FARTHEST


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
    return _height(properties) <= _LOWEST


def _height(properties: etree._Element) -> int:
    """The height that a row is held to, whatever stands in it; much for one that is not."""
    height = properties.find(qn("w:trHeight"))
    is_exact = height is not None and height.get(qn("w:hRule")) == "exact"
    return _integer(height, _LOW + 1) if is_exact else _LOW + 1


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
        is_low = properties is not None and _height(properties) <= _LOW
        for element in _children(row_element, _TC):
            span, merge = 1, None
            own = element.find(qn("w:tcPr"))
            if own is not None:
                span = _number(own.find(qn("w:gridSpan")), place)
                merge = own.find(qn("w:vMerge"))
            cell = _cell(element, span, word, is_low=is_low)
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


def _cell(cell: etree._Element, span: int, word: _Word, *, is_low: bool) -> RawCell:
    """A cell over so many columns; `is_low`: of a row that cuts its letters."""
    text, doubt = word.cell(cell)
    if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
        doubt = doubt or Doubt.STRUCK
    for name in ("tl2br", "tr2bl"):
        line = cell.find(f"{qn('w:tcPr')}/{qn('w:tcBorders')}/{qn(f'w:{name}')}")
        if line is not None and line.get(qn("w:val")) not in ("nil", "none"):
            doubt = crossed(text, doubt)
    if is_low and text:
        doubt = doubt or Doubt.OVER_EDGE
    return RawCell(text, 1, span, doubt)


def _joined(cell: RawCell, hidden: RawCell) -> RawCell:
    """A cell with the text of one that is merged into it, which Word hides."""
    return cell._replace(text=f"{cell.text} {hidden.text}".strip())
