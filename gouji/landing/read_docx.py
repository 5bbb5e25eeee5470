"""Word files (.docx) to the grid model."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from gouji.landing.docx_look import LOWEST, OFF, Said, Setting, W, ground, is_hex, number_in, toggle
from gouji.landing.docx_styles import Styles
from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.office_colours import Theme
from gouji.landing.office_strict import transitional
from gouji.landing.shown import (
    PICTURE_FONTS,
    Doubt,
    Look,
    crossed,
    read_cell,
    symbol,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from lxml import etree

    from gouji.landing.shown import Piece

MAX_SPAN = 1_000
_LOW = 120  # in rows that leave a line this height letters are cut
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
_SMALL = 13  # half points: letters up to this size that are raised by hand are note marks


def read_docx(data: bytes) -> Document:
    """Read a Word file: its body in order, deletions and hidden text left out.

    A damaged file raises whatever error the parser meets first.
    """
    opened = docx.Document(io.BytesIO(transitional(data)))
    body = opened.element.body
    title = clean(opened.core_properties.title or "")
    document = Document(title=title)
    word = _Word(Styles(opened.styles.element, _theme(opened)))
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


class _Word:
    """Reads the text of paragraphs and cells by the styles of a file."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles

    def prose(self, paragraph: etree._Element) -> str:
        """The text of a paragraph that stands in no cell."""
        pieces, _ = self._pieces(paragraph, self.styles.bare, in_cell=False)
        shown = (Look.PLAIN, Look.FAINT)
        return clean("".join(text for text, how in pieces if how.look in shown))

    def cell(self, cell: etree._Element, of_table: Said) -> tuple[str, str]:
        """The text of a cell and what makes it doubtful; its table says so much of it."""
        own = ground(cell.find(f"{W}tcPr"), self.styles.theme)
        how = self.styles.bare.dressed(of_table | own)
        pieces, doubt = self._pieces(cell, how, in_cell=True)
        return read_cell(_levelled(pieces), doubt)

    def _pieces(
        self, element: etree._Element, how: Setting, *, in_cell: bool
    ) -> tuple[list[tuple[str, Setting]], str]:
        """What stands under an element in pieces, paragraphs apart by a space; and a doubt."""
        pieces: list[tuple[str, Setting]] = []
        doubt = ""
        open_fields: list[bool] = []  # whether their results have begun
        stack: list[tuple[etree._Element, Setting]] = [(element, how)]
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
                how = self.styles.paragraph(node, how)
                pieces.append(("\n", Setting()))
                doubt = doubt or (Doubt.COUNTED if how.is_counted else "")
            elif tag == _R:
                how = self.styles.run(node, how)
                if how.is_hidden and node.find(f"{W}fldChar") is None:
                    continue
            elif tag == f"{W}fldSimple" and next(node.iter(f"{W}t"), None) is None:
                doubt = doubt or Doubt.FORMULA
            elif tag == f"{W}sdt" and _is_control(node):
                doubt = doubt or Doubt.FIELD
            elif tag == f"{W}fldChar":
                doubt = doubt or _field(node, open_fields)
            elif all(open_fields):
                text, unclear = _text(node, how)
                doubt = doubt or unclear
                if text:
                    pieces.append((text, how))
            stack.extend([(child, how) for child in reversed(node)])
        return pieces, doubt or (Doubt.FIELD if open_fields else "")


def _levelled(pieces: list[tuple[str, Setting]]) -> list[Piece]:
    """Pieces with their looks; what is raised by hand as a whole stands beside no line.

    Programs set numbers so in the middle of a cell.
    """
    set_so = {(how.position, how.size > _SMALL) for text, how in pieces if text.strip()}
    if len(set_so) == 1 and set_so.pop()[1]:
        return [(text, replace(how, position=0).look) for text, how in pieces]
    return [(text, how.look) for text, how in pieces]


def _is_control(node: etree._Element) -> bool:
    """Whether a content control is a box to be ticked, or shows what to write into it."""
    properties = node.find(f"{W}sdtPr")
    if properties is None:
        return False
    is_empty = properties.find(f"{W}showingPlcHdr") is not None
    return is_empty or properties.find("{*}checkbox") is not None


def _field(node: etree._Element, around: list[bool]) -> str:
    """Follow the beginning, the result or the end of a field; a form control is a doubt."""
    kind = node.get(f"{W}fldCharType")
    if kind == "begin":
        around.append(False)
        if node.get(f"{W}dirty", "0").lower() not in OFF:
            return Doubt.FORMULA
        controls = [node.find(f".//{W}{name}") for name in ("checkBox", "ddList")]
        return Doubt.FIELD if any(control is not None for control in controls) else ""
    if kind == "separate" and around:
        around[-1] = True
    elif kind == "end" and around:
        has_result = around.pop()
        return "" if has_result or not all(around) else Doubt.FORMULA
    return ""


def _text(node: etree._Element, how: Setting) -> tuple[str, str]:
    """The text that an element itself is, and what makes it doubtful."""
    tag = node.tag
    if tag == f"{W}t":
        text = node.text or ""
        if how.is_overlaid and text.strip():
            return text, Doubt.OVERLAID
        if how.font.lower() in PICTURE_FONTS and text.strip():
            return "", Doubt.SYMBOL
        if how.font and symbol(how.font, ord("0")) is not None:
            characters = [symbol(how.font, ord(char)) for char in text]
            return "".join(filter(None, characters)), "" if all(characters) else Doubt.SYMBOL
        return text, ""
    if tag == f"{W}sym":
        code = node.get(f"{W}char", "")
        char = symbol(node.get(f"{W}font", ""), int(code, 16)) if is_hex(code) else None
        return char or "", "" if char else Doubt.SYMBOL
    return _TEXTS.get(tag, ""), ""


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _is_gone(properties: etree._Element | None) -> bool:
    """Whether a row is deleted, hidden or of no height."""
    if properties is None:
        return False
    if properties.find(qn("w:del")) is not None or toggle(properties, "hidden"):
        return True
    height = _height(properties)
    return height is not None and height <= LOWEST


def _height(properties: etree._Element) -> int | None:
    """The height that a row is held to, whatever stands in it; None for one that is not."""
    height = properties.find(qn("w:trHeight"))
    is_exact = height is not None and height.get(qn("w:hRule")) == "exact"
    return number_in(height, f"{W}val") if is_exact else None


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
    style, width = word.styles.of_table(table), len(table.findall(f"{W}tblGrid/{W}gridCol"))
    shown = [row for row in _children(table, _TR) if not _is_gone(row.find(f"{W}trPr"))]
    for row_element in shown:
        properties = row_element.find(f"{W}trPr")
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
            columns = range(column, column + span)
            said = style.of_cell(len(rows), len(shown), columns, width)
            cell = _cell(element, span, height, *word.cell(element, said))
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


def _cell(cell: etree._Element, span: int, height: int | None, text: str, doubt: str) -> RawCell:
    """A cell of such a text over columns, of a row of such a height that may cut its letters."""
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
