"""Spreadsheets (.xlsx) to the grid model: each sheet a table, its merged cells as spans."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from gouji.landing.grid import Document, Paragraph, RawCell, Refused, build_table, clean

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_SHEETS = 30
MAX_SHEET_ROWS = 3_000
MAX_SHEET_COLUMNS = 300


def read_xlsx(data: bytes) -> Document:
    """Read a spreadsheet as it shows: the results that formulas had when it was saved.

    A damaged file raises whatever error the parser meets first.
    """
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if _has_formulas(data) else None
    if len(values.worksheets) > MAX_SHEETS:
        raise Refused(f"it has {len(values.worksheets)} sheets, more than {MAX_SHEETS}")
    document = Document(title=clean(values.properties.title or ""))
    for sheet in values.worksheets:
        if sheet.sheet_state == "visible":
            twin = formulas[sheet.title] if formulas is not None else None
            _sheet(sheet, twin, document)
    if not document.blocks:
        raise Refused("it holds no text")
    return document


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            b"<f>" in (content := archive.read(name)) or b"<f " in content
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _sheet(sheet: Worksheet, formulas: Worksheet | None, document: Document) -> None:
    rows, columns = sheet.max_row, sheet.max_column
    if rows > MAX_SHEET_ROWS or columns > MAX_SHEET_COLUMNS:
        raise Refused(
            f"sheet {sheet.title}: its cells reach to row {rows}, column {columns}, farther than "
            "any report's"
        )
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > MAX_SHEET_ROWS or merged.max_col > MAX_SHEET_COLUMNS:
            raise Refused(f"sheet {sheet.title}: a merged cell reaches to {merged.coord}")
        spans[merged.min_row, merged.min_col] = (merged.size["rows"], merged.size["columns"])
        covered |= {
            (row, column)
            for row in range(merged.min_row, merged.max_row + 1)
            for column in range(merged.min_col, merged.max_col + 1)
        }
        covered.discard((merged.min_row, merged.min_col))
    table: list[list[RawCell]] = []
    heads: list[str] = []
    for number, row in enumerate(sheet.iter_rows(min_row=1, max_row=rows), start=1):
        cells: list[RawCell] = []
        hidden = bool(sheet.row_dimensions[number].hidden)
        for column, cell in enumerate(row, start=1):
            if (number, column) in covered:
                continue
            down, right = spans.get((number, column), (1, 1))
            formula = formulas.cell(number, column).value if formulas is not None else None
            text, flaw = _shown(cell.value, formula)
            cells.append(RawCell("" if hidden else text, down, right, flaw))
        table.append(cells)
        filled = [cell.text for cell in cells if cell.text]
        if len(filled) == 1 and len(filled[0]) > 6:
            heads.append(filled[0])
    document.blocks.extend(Paragraph(text) for text in heads)
    document.blocks.append(build_table(table, f"sheet {sheet.title[:40]}"))


def _shown(value: object, formula: object) -> tuple[str, str]:
    """What a cell shows, and its flaw: a formula that was never worked out, or a date."""
    if value is None:
        if isinstance(formula, str) and formula.startswith("="):
            return "", "a formula whose result is not in the file"
        return "", ""
    if isinstance(value, bool):
        return str(value), "a truth value where a number belongs"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return str(value), "a date where a number belongs"
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), ""
    return clean(str(value)), ""
