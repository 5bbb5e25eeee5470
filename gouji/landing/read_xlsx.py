"""Spreadsheets (.xlsx) to the grid model: each sheet a table, its merged cells as spans."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.escape import unescape

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.number_formats import (
    NotFollowed,
    general,
    ink_of_number,
    ink_of_text,
    show_number,
    show_text,
)
from gouji.landing.office_strict import transitional
from gouji.landing.shown import SYMBOL_FONTS, Doubt, crossed, is_known_in, read_cell
from gouji.landing.xlsx_looks import Looks, may_hold
from gouji.landing.xlsx_parts import (
    MAX_SHEET_COLUMNS,
    MAX_SHEET_ROWS,
    Place,
    conditions,
    drawn,
    sheet_parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.cell_range import MultiCellRange
    from openpyxl.worksheet.worksheet import Worksheet

    from gouji.landing.shown import Piece

MAX_SHEETS = 30
_LOWEST = 1.5  # points: a lower row is not seen
_NARROWEST = 0.3  # of a letter: a narrower column is not seen
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


@dataclass(slots=True)
class _Beside:
    """What a file holds beside the values of a sheet's cells."""

    looks: Looks
    formulas: Worksheet | None = None
    is_stale: bool = False  # the results are to be worked out when the file is opened
    drawn: dict[Place, Doubt] = field(default_factory=dict)  # cells that something lies over
    spans: dict[Place, Place] = field(default_factory=dict)
    covered: set[Place] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    later: list[tuple[MultiCellRange, Any]] = field(default_factory=list)  # conditions
    conditional: dict[Place, list[Any]] = field(default_factory=dict)  # the rules of each cell


def read_xlsx(data: bytes) -> Document:
    """Read a spreadsheet as it shows: by number formats, with the results that formulas had.

    A damaged file raises whatever error the parser meets first.
    """
    data = transitional(data)
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    if len(values.worksheets) > MAX_SHEETS:
        raise Refused(f"it has {len(values.worksheets)} sheets, more than {MAX_SHEETS}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = sheet_parts(archive)
        has_formulas = any(_FORMULA.search(archive.read(part)) for part in parts.values())
        over = {title: dict(drawn(archive, part)) for title, part in parts.items()}
        later = {title: list(conditions(archive.read(part))) for title, part in parts.items()}
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if has_formulas else None
    is_stale = bool(values.calculation.fullCalcOnLoad)
    looks = Looks(values)
    document = Document(title=clean(values.properties.title or ""))
    for sheet in values.worksheets:
        if sheet.sheet_state == "visible":
            title = sheet.title
            twin = formulas[title] if formulas is not None else None
            beside = _Beside(looks, twin, is_stale, over.get(title, {}), later=later.get(title, []))
            _sheet(sheet, beside, document)
    if not document.blocks:
        raise Refused("it holds no text")
    return document


def _sheet(sheet: Worksheet, beside: _Beside, document: Document) -> None:
    rows, columns = _extent(sheet, beside)
    _merged(sheet, beside)
    _spread(sheet, beside)
    beside.hidden_columns = _hidden_columns(sheet)
    beside.conditional = _conditional(sheet, beside, rows, columns)
    hidden = {row for row in range(1, rows + 1) if _is_hidden(sheet, row)}
    table: list[list[RawCell]] = []
    heads: list[str] = []
    for number, row in enumerate(
        sheet.iter_rows(min_row=1, max_row=rows, max_col=columns), start=1
    ):
        cells: list[RawCell] = []
        for column, cell in enumerate(row, start=1):
            if (number, column) in beside.covered:
                continue
            down, right = beside.spans.get((number, column), (1, 1))
            seen = len(set(range(column, column + right)) - beside.hidden_columns)
            if not seen:
                continue
            # A merged cell shows in whatever it reaches over that is not hidden.
            is_shown = any(row not in hidden for row in range(number, number + down))
            shown = _cell(cell, (number, column), sheet, beside) if is_shown else ("", "")
            cells.append(RawCell(shown[0], down, seen, shown[1]))
        table.append(cells)
        filled = [cell.text for cell in cells if cell.text]
        if len(filled) == 1 and len(filled[0]) > 6:
            heads.append(filled[0])
    document.blocks.extend(Paragraph(text) for text in heads)
    document.blocks.append(build_table(table, f"sheet {sheet.title[:40]}"))


def _is_hidden(sheet: Worksheet, row: int) -> bool:
    if row not in sheet.row_dimensions:
        return False
    dimension = sheet.row_dimensions[row]
    return bool(dimension.hidden) or _is_below(dimension.height, _LOWEST)


def _extent(sheet: Worksheet, beside: _Beside) -> Place:
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


def _conditional(
    sheet: Worksheet, beside: _Beside, rows: int, columns: int
) -> dict[Place, list[Any]]:
    """The conditions that say how cells show, by the cell."""
    found: dict[Place, list[Any]] = {}
    said = [
        (formatting.cells, rule)
        for formatting in sheet.conditional_formatting
        for rule in formatting.rules
    ]
    for cells, rule in [*said, *beside.later]:
        for area in cells.ranges:
            for row in range(area.min_row, min(area.max_row, rows) + 1):
                for column in range(area.min_col, min(area.max_col, columns) + 1):
                    found.setdefault((row, column), []).append(rule)
    return found


def _spread(sheet: Worksheet, beside: _Beside) -> None:
    """Take what is centred over the blank cells after it as what stands in a merged cell."""
    start: Place = (0, 0)
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.alignment.horizontal != "centerContinuous" or (row, column) in beside.covered:
            start = (0, 0)
        elif cell.value is not None:
            start = (row, column)
        elif start[0] == row:
            beside.spans[start] = (1, column - start[1] + 1)
            beside.covered.add((row, column))


def _cell(cell: Any, place: Place, sheet: Worksheet, beside: _Beside) -> tuple[str, str]:
    """What a cell shows, and what makes it doubtful."""
    value = cell.value
    doubt = _over(place, beside)
    border = cell.border
    has_line = border.diagonal is not None and border.diagonal.style
    if has_line and (border.diagonalUp or border.diagonalDown):
        doubt = crossed(str(value or ""), doubt)
    unworked = _unworked(value, place, beside)
    if value is None or unworked:
        return "", unworked or doubt
    rules = [rule for rule in beside.conditional.get(place, ()) if may_hold(rule, value)]
    if rules and beside.looks.is_changed(rules, _fonts(value, cell), cell.fill):
        doubt = doubt or Doubt.FORMAT
    if cell.alignment.horizontal == "fill":
        doubt = doubt or Doubt.FORMAT  # it is repeated over the width of its column
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if cell.data_type == "e" or not (is_number or isinstance(value, str | CellRichText)):
        return clean(str(value)), Doubt.KIND
    if is_number and value == 0 and sheet.sheet_view.showZeros is False:
        return "", doubt
    code = cell.number_format or "General"
    if sheet.sheet_view.showFormulas:  # and numbers as they are typed
        code = "General"
    try:
        show = _number if is_number else _text
        pieces = list(show(value, cell, code, beside.looks))
    except NotFollowed:
        return clean(str(value)), doubt or Doubt.FORMAT
    if not _is_known(value, cell):
        doubt = doubt or Doubt.SYMBOL
    return read_cell(pieces, doubt)


def _unworked(value: object, place: Place, beside: _Beside) -> str:
    """Why a cell with a formula shows no number that is in the file, if it does not."""
    formula = beside.formulas._cells.get(place) if beside.formulas is not None else None
    if formula is None or formula.data_type != "f":
        return ""
    if "DISPIMG" in str(formula.value) or "IMAGE(" in str(formula.value):
        return Doubt.PICTURE
    shows_it = beside.formulas is not None and beside.formulas.sheet_view.showFormulas
    return Doubt.FORMULA if value is None or beside.is_stale or shows_it else ""


def _over(place: Place, beside: _Beside) -> str:
    """The doubt of a cell over any part of which something lies."""
    if not beside.drawn:
        return ""
    down, right = beside.spans.get(place, (1, 1))
    row, column = place
    parts = ((row + below, column + after) for below in range(down) for after in range(right))
    return next((beside.drawn[part] for part in parts if part in beside.drawn), "")


def _number(value: Any, cell: Any, code: str, looks: Looks) -> Iterator[Piece]:
    if code == "General":
        text, ink = general(Decimal(f"{value:.15g}")), None
    else:
        text, ink = show_number(value, code), ink_of_number(value, code)
    look = looks.look(cell.font, looks.grounds(cell.fill), ink)
    if look is not None:
        yield text, look


def _text(value: Any, cell: Any, code: str, looks: Looks) -> Iterator[Piece]:
    if not isinstance(value, CellRichText):
        value = [show_text(str(value), code)]
    elif not show_text(str(value), code):
        return
    ink = ink_of_text(code) if "[" in code else None
    grounds = looks.grounds(cell.fill)
    for part in value:
        is_block = isinstance(part, TextBlock)
        look = looks.look(part.font if is_block else cell.font, grounds, ink)
        if look is not None:
            yield unescape(part.text if is_block else str(part)), look


def _fonts(value: Any, cell: Any) -> list[Any]:
    parts = value if isinstance(value, CellRichText) else [value]
    return [part.font if isinstance(part, TextBlock) else cell.font for part in parts]


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
