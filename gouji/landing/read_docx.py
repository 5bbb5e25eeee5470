"""Word files (.docx) to the grid model."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

MAX_SPAN = 1_000
_P, _TBL, _TR, _TC, _R = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r"))
_T, _TAB, _BR, _CR = (qn(f"w:{name}") for name in ("t", "tab", "br", "cr"))
_LEFT_OUT = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom", "instrText", "delText"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = frozenset(
    qn(f"w:{name}")
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink")
)


def read_docx(data: bytes) -> Document:
    """Read a Word file: its body in order, deletions and hidden text left out.

    A damaged file raises whatever error the parser meets first.
    """
    opened = docx.Document(io.BytesIO(data))
    body = opened.element.body
    title = clean(opened.core_properties.title or "")
    document = Document(title=title)
    tables = 0
    for element in _blocks(body):
        if element.tag == _P:
            text = _text(element)
            if text:
                document.blocks.append(Paragraph(text, _is_heading(element)))
        else:
            tables += 1
            place = f"table {tables}"
            document.blocks.append(build_table(_rows(element, place), place))
    if not document.blocks:
        raise Refused("it holds no text")
    return document


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of the body, whatever wraps them; nested tables after their own."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == _P:
            yield element
        elif element.tag == _TBL:
            yield element
            nested = [inner for cell in element.iter(_TC) for inner in cell if inner.tag == _TBL]
            yield from nested
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    name = style.get(qn("w:val"), "") if style is not None else ""
    return name.lower().startswith(("heading", "title")) or name.isdigit()


def _text(element: etree._Element) -> str:
    """The visible text under an element, paragraphs apart by a space."""
    pieces: list[str] = []
    stack: list[etree._Element] = [element]
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag in _LEFT_OUT or (tag == _TBL and node is not element):
            continue
        if tag == _R and node.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None:
            continue
        if tag == _T:
            pieces.append(node.text or "")
        elif tag in (_TAB, _BR, _CR) or tag == _P:
            pieces.append("\n")
        if tag == _FALLBACK:  # the same again, for old programs
            continue
        stack.extend(reversed(node))
    return clean("".join(pieces))


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            stack.extend(reversed(element))


def _number(element: etree._Element | None, place: str) -> int:
    value = element.get(qn("w:val"), "1") if element is not None else "1"
    number = int(value) if value.isdigit() and len(value) < 10 else 1
    if number > MAX_SPAN:
        raise Refused(f"{place}: a cell spans {number} columns")
    return number


def _rows(table: etree._Element, place: str) -> list[list[RawCell]]:
    """The rows of a table with the spans that Word writes as merges."""
    open_cells: dict[int, tuple[int, int]] = {}  # first column -> (row, place in it) of the merge
    rows: list[list[list[object]]] = []  # text, rowspan, colspan
    for row_element in _children(table, _TR):
        properties = row_element.find(qn("w:trPr"))
        if properties is not None and properties.find(qn("w:del")) is not None:
            continue
        row: list[list[object]] = []
        column = 0
        if properties is not None:
            before = _number(properties.find(qn("w:gridBefore")), place)
            if properties.find(qn("w:gridBefore")) is not None:
                row.append(["", 1, before])
                column += before
        for cell in _children(row_element, _TC):
            cell_properties = cell.find(qn("w:tcPr"))
            span, merge = 1, None
            if cell_properties is not None:
                span = _number(cell_properties.find(qn("w:gridSpan")), place)
                merge = cell_properties.find(qn("w:vMerge"))
            if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
                above = open_cells[column]
                start = rows[above[0]][above[1]]
                start[1] = int(str(start[1])) + 1
                hidden = _text(cell)
                if hidden:  # Word hides the text of a cell merged into the one above
                    start[0] = f"{start[0]} {hidden}".strip()
            else:
                row.append([_text(cell), 1, span])
                if merge is not None:
                    open_cells[column] = (len(rows), len(row) - 1)
                else:
                    open_cells.pop(column, None)
            column += span
        rows.append(row)
    return [
        [RawCell(str(text), int(str(down)), int(str(right))) for text, down, right in row]
        for row in rows
    ]
