"""Spreadsheets (.xlsx) to the grid model: each sheet a table, its merged cells as spans."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.escape import unescape

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.number_formats import NotFollowed, general, show_number, show_text
from gouji.landing.office_strict import transitional
from gouji.landing.shown import (
    SMALLEST,
    SYMBOL_FONTS,
    Doubt,
    Look,
    colour_of,
    crossed,
    is_alike,
    is_known_in,
    read_cell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from gouji.landing.shown import Colour, Piece

MAX_SHEETS = 30
MAX_SHEET_ROWS = 3_000
MAX_SHEET_COLUMNS = 300
_LOWEST = 1.5  # points: a lower row is not seen
_NARROWEST = 0.3  # of a letter: a narrower column is not seen
_MOST_DRAWN = 2_000  # cells that one drawing can lie over
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BLACK, _WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
_INDEXED = dict.fromkeys([0, 8, 64], _BLACK) | dict.fromkeys([1, 9, 65], _WHITE)
_Place = tuple[int, int]


@dataclass(slots=True)
class _Beside:
    """What a file holds beside the values of a sheet's cells."""

    formulas: Worksheet | None = None
    is_stale: bool = False  # the results are to be worked out when the file is opened
    drawn: dict[_Place, Doubt] = field(default_factory=dict)  # cells that something lies over
    spans: dict[_Place, _Place] = field(default_factory=dict)
    covered: set[_Place] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    conditional: set[_Place] = field(default_factory=set)  # what they show depends on conditions


def read_xlsx(data: bytes) -> Document:
    """Read a spreadsheet as it shows: by number formats, with the results that formulas had.

    A damaged file raises whatever error the parser meets first.
    """
    data = transitional(data)
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    if len(values.worksheets) > MAX_SHEETS:
        raise Refused(f"it has {len(values.worksheets)} sheets, more than {MAX_SHEETS}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _sheet_parts(archive)
        has_formulas = any(_FORMULA.search(archive.read(part)) for part in parts.values())
        drawn = {title: dict(_drawn(archive, part)) for title, part in parts.items()}
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if has_formulas else None
    is_stale = bool(values.calculation.fullCalcOnLoad)
    document = Document(title=clean(values.properties.title or ""))
    for sheet in values.worksheets:
        if sheet.sheet_state == "visible":
            twin = formulas[sheet.title] if formulas is not None else None
            beside = _Beside(twin, is_stale, drawn.get(sheet.title, {}))
            _sheet(sheet, beside, document)
    if not document.blocks:
        raise Refused("it holds no text")
    return document


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the file that holds each sheet, by its title."""
    targets = _targets(archive, "xl/workbook.xml")
    book = etree.fromstring(archive.read("xl/workbook.xml"))
    found = {}
    for sheet in book.iter("{*}sheet"):
        part = targets.get(sheet.get(_RELATION, ""), "")
        if part in archive.namelist():
            found[sheet.get("name", "")] = part
    return found


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that a part of the file refers to, by the ids of the references."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        entry.get("Id", ""): posixpath.normpath(
            posixpath.join("/", folder, entry.get("Target", ""))
        ).lstrip("/")
        for entry in etree.fromstring(archive.read(relations)).iter("{*}Relationship")
        if entry.get("TargetMode") != "External"
    }


def _drawn(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[_Place, Doubt]]:
    """The cells over which pictures, drawings and form controls lie."""
    for target in _targets(archive, part).values():
        if "/drawings/drawing" in target and target in archive.namelist():
            drawing = etree.fromstring(archive.read(target))
            for anchor in drawing.iter("{*}twoCellAnchor", "{*}oneCellAnchor"):
                yield from ((place, Doubt.PICTURE) for place in _under(anchor))
        elif target.endswith(".vml") and target in archive.namelist():
            yield from ((place, Doubt.FIELD) for place in _old_controls(archive.read(target)))
    content = archive.read(part)
    if b"control" in content:
        for anchor in etree.fromstring(content).iter("{*}anchor"):
            yield from ((place, Doubt.FIELD) for place in _under(anchor))


def _old_controls(drawing: bytes) -> Iterator[_Place]:
    """The cells in which the form controls of an old drawing begin; notes are none."""
    recovering = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(drawing, parser=recovering)
    for control in root.iter("{*}ClientData") if root is not None else ():
        corners = (control.findtext("{*}Anchor") or "").split(",")
        if control.get("ObjectType") != "Note" and len(corners) == 8:
            column, row = corners[0].strip(), corners[2].strip()
            if column.isdecimal() and row.isdecimal():
                yield int(row) + 1, int(column) + 1


def _under(anchor: etree._Element) -> list[_Place]:
    """The cells, counted from 1, from the beginning of an anchor to its end."""
    start, end = anchor.find("{*}from"), anchor.find("{*}to")
    if start is None:
        return []
    row, column, *_ = _corner(start)
    last_row, last_column = row, column
    if end is not None:
        last_row, last_column, down, right = _corner(end)
        last_row -= not down  # it ends at the edge of the cell before
        last_column -= not right
    cells = [
        (down, right)
        for down in range(row, min(last_row, row + _MOST_DRAWN) + 1)
        for right in range(column, min(last_column, column + MAX_SHEET_COLUMNS) + 1)
    ]
    return [(down + 1, right + 1) for down, right in cells[:_MOST_DRAWN]]


def _corner(element: etree._Element) -> tuple[int, int, int, int]:
    """Row, column, and how far into them, of a corner of an anchor."""
    texts = [element.findtext(f"{{*}}{name}", "0") for name in ("row", "col", "rowOff", "colOff")]
    row, column, down, right = (int(text) if text.strip().isdecimal() else 0 for text in texts)
    return row, column, down, right


def _sheet(sheet: Worksheet, beside: _Beside, document: Document) -> None:
    rows, columns = _extent(sheet, beside)
    _merged(sheet, beside)
    _spread(sheet, beside)
    beside.hidden_columns = _hidden_columns(sheet)
    beside.conditional = _conditional(sheet, rows, columns)
    table: list[list[RawCell]] = []
    heads: list[str] = []
    for number, row in enumerate(
        sheet.iter_rows(min_row=1, max_row=rows, max_col=columns), start=1
    ):
        dimension = sheet.row_dimensions[number]
        is_hidden = bool(dimension.hidden) or _is_below(dimension.height, _LOWEST)
        cells: list[RawCell] = []
        for column, cell in enumerate(row, start=1):
            if (number, column) in beside.covered:
                continue
            down, right = beside.spans.get((number, column), (1, 1))
            if is_hidden or column in beside.hidden_columns:
                cells.append(RawCell("", down, right))
            else:
                text, doubt = _cell(cell, (number, column), sheet, beside)
                cells.append(RawCell(text, down, right, doubt))
        table.append(cells)
        filled = [cell.text for cell in cells if cell.text]
        if len(filled) == 1 and len(filled[0]) > 6:
            heads.append(filled[0])
    document.blocks.extend(Paragraph(text) for text in heads)
    document.blocks.append(build_table(table, f"sheet {sheet.title[:40]}"))


def _extent(sheet: Worksheet, beside: _Beside) -> _Place:
    """The last row and column that hold anything; borders alone are nothing."""
    formulas = beside.formulas
    filled = [
        place
        for book in (sheet, formulas)
        if book is not None
        for place, cell in book._cells.items()  # the cells that there are, and no others
        if cell.value is not None
    ]
    filled += beside.drawn
    rows = max((row for row, _ in filled), default=1)
    columns = max((column for _, column in filled), default=1)
    for merged in sheet.merged_cells.ranges:
        if (merged.min_row, merged.min_col) in sheet._cells and merged.min_row <= rows:
            value = sheet._cells[merged.min_row, merged.min_col].value
            if value is not None or merged.max_row <= rows:
                rows, columns = max(rows, merged.max_row), max(columns, merged.max_col)
    if rows > MAX_SHEET_ROWS or columns > MAX_SHEET_COLUMNS:
        raise Refused(
            f"sheet {sheet.title}: its cells reach to row {rows}, column {columns}, farther than "
            "any report's"
        )
    return rows, columns


def _merged(sheet: Worksheet, beside: _Beside) -> None:
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > MAX_SHEET_ROWS or merged.max_col > MAX_SHEET_COLUMNS:
            raise Refused(f"sheet {sheet.title}: a merged cell reaches to {merged.coord}")
        start = (merged.min_row, merged.min_col)
        beside.spans[start] = (merged.size["rows"], merged.size["columns"])
        beside.covered |= {
            (row, column)
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
        }
        beside.covered.discard(start)


def _is_below(size: float | None, least: float) -> bool:
    return size is not None and size < least


def _hidden_columns(sheet: Worksheet) -> set[int]:
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden or _is_below(dimension.width, _NARROWEST):
            first, last = dimension.min or dimension.index, dimension.max or dimension.min
            if isinstance(first, int) and isinstance(last, int):
                hidden |= set(range(first, min(last, MAX_SHEET_COLUMNS) + 1))
    return hidden


def _conditional(sheet: Worksheet, rows: int, columns: int) -> set[_Place]:
    """The cells of which a condition says how they show, where that may change what is read."""
    places: set[_Place] = set()
    for formatting in sheet.conditional_formatting:
        if not any(map(_changes_reading, formatting.rules)):
            continue
        for area in formatting.cells.ranges:
            places |= {
                (row, column)
                for row in range(area.min_row, min(area.max_row, rows) + 1)
                for column in range(area.min_col, min(area.max_col, columns) + 1)
            }
    return places


def _changes_reading(rule: Any) -> bool:
    style = rule.dxf
    if style is not None and (style.numFmt is not None or _look(style.font) is not Look.PLAIN):
        return True
    marks = (rule.iconSet, rule.dataBar)
    return any(mark is not None and mark.showValue is False for mark in marks)


def _spread(sheet: Worksheet, beside: _Beside) -> None:
    """Take what is centred over the blank cells after it as what stands in a merged cell."""
    start: _Place = (0, 0)
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.alignment.horizontal != "centerContinuous" or (row, column) in beside.covered:
            start = (0, 0)
        elif cell.value is not None:
            start = (row, column)
        elif start[0] == row:
            beside.spans[start] = (1, column - start[1] + 1)
            beside.covered.add((row, column))


def _cell(cell: Any, place: _Place, sheet: Worksheet, beside: _Beside) -> tuple[str, str]:
    """What a cell shows, and what makes it doubtful."""
    value = cell.value
    doubt: str = beside.drawn.get(place, "")
    border = cell.border
    has_line = border.diagonal is not None and border.diagonal.style
    if has_line and (border.diagonalUp or border.diagonalDown):
        doubt = crossed(str(value or ""), doubt)
    unworked = _unworked(value, place, beside)
    if value is None or unworked:
        return "", unworked or doubt
    if place in beside.conditional:
        doubt = doubt or Doubt.FORMAT
    if cell.alignment.horizontal == "fill":
        doubt = doubt or Doubt.FORMAT  # it is repeated over the width of its column
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if cell.data_type == "e" or not (is_number or isinstance(value, str | CellRichText)):
        return clean(str(value)), Doubt.KIND
    if is_number and value == 0 and sheet.sheet_view.showZeros is False:
        return "", doubt
    try:
        pieces = list(_number(value, cell) if is_number else _text(value, cell))
    except NotFollowed:
        return clean(str(value)), doubt or Doubt.FORMAT
    if not _is_known(value, cell):
        doubt = doubt or Doubt.SYMBOL
    return read_cell(pieces, doubt)


def _unworked(value: object, place: _Place, beside: _Beside) -> str:
    """Why a cell with a formula shows no number that is in the file, if it does not."""
    formula = beside.formulas._cells.get(place) if beside.formulas is not None else None
    if formula is None or formula.data_type != "f":
        return ""
    if "DISPIMG" in str(formula.value) or "IMAGE(" in str(formula.value):
        return Doubt.PICTURE
    return Doubt.FORMULA if value is None or beside.is_stale else ""


def _number(value: Any, cell: Any) -> Iterator[Piece]:
    code = cell.number_format or "General"
    look = _look(cell.font, cell)
    if look is not None:
        is_plain = code == "General"
        yield general(Decimal(f"{value:.15g}")) if is_plain else show_number(value, code), look


def _text(value: Any, cell: Any) -> Iterator[Piece]:
    code = cell.number_format or "General"
    if not isinstance(value, CellRichText):
        value = [show_text(str(value), code)]
    elif not show_text(str(value), code):
        return
    for part in value:
        is_block = isinstance(part, TextBlock)
        look = _look(part.font if is_block else cell.font, cell)
        if look is not None:
            yield unescape(part.text if is_block else str(part)), look


def _is_known(value: Any, cell: Any) -> bool:
    """Whether what stands in a cell is what it seems in its fonts."""
    parts = value if isinstance(value, CellRichText) else [value]
    fonts = [
        str(part.font.rFont if isinstance(part, TextBlock) else cell.font.name) for part in parts
    ]
    return all(
        font.lower() not in SYMBOL_FONTS or is_known_in(font, str(part))
        for part, font in zip(parts, fonts, strict=True)
    )


def _look(font: Any, cell: Any = None) -> Look | None:
    """How letters are set; None for letters that are not seen."""
    if font is None:
        return Look.PLAIN
    size = font.sz
    if size is not None and size <= SMALLEST:
        return None
    if font.strike:
        return Look.STRUCK
    if font.vertAlign in ("superscript", "subscript"):
        return Look.RAISED
    colour, ground = _rgb(font.color, otherwise=_BLACK), _ground(cell)
    is_faint = colour is not None and ground is not None and is_alike(colour, ground)
    return Look.FAINT if is_faint else Look.PLAIN


def _rgb(colour: Any, *, otherwise: Colour) -> Colour | None:
    """A colour; None for one that is not known."""
    if colour is None:
        return otherwise
    if colour.type == "rgb":
        return colour_of(str(colour.rgb)[-6:])
    if colour.type == "theme":
        base = {0: 1.0, 1: 0.0}.get(colour.theme)
        tint = float(colour.tint or 0)
        if base is None:
            return None
        return (base * (1 + tint) if tint < 0 else base + (1 - base) * tint,) * 3
    return _INDEXED.get(colour.indexed) if colour.type == "indexed" else None


def _ground(cell: Any) -> Colour | None:
    """The colour behind a cell; None for one that is not known."""
    fill = cell.fill if cell is not None else None
    if fill is None or fill.fill_type is None:
        return _WHITE
    return _rgb(fill.fgColor, otherwise=_WHITE) if fill.fill_type == "solid" else None
