"""The rows of tables as the form has them: whole again after a page break, or cut from a flow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gouji.landing.grid import Cell, Row, Table

if TYPE_CHECKING:
    from gouji.landing.vocabulary import Form, Word

PROSE_LENGTH = 40  # characters from which a text is no cell of the form


def joined(tables: list[Table], form: Form) -> list[Table]:
    """The tables, with a row that a page break cut in two made whole again."""
    whole: list[Table] = []
    for table in tables:
        row = None
        if whole and not table.is_flow and whole[-1].rows and table.rows:
            row = _joined_row(whole[-1].rows[-1], table.rows[0], form)
        if row is None:
            whole.append(table)
        else:
            whole[-1] = replace(whole[-1], rows=(*whole[-1].rows[:-1], row))
            whole.append(replace(table, rows=table.rows[1:]))
    return whole


def _joined_row(upper: Row, lower: Row, form: Form) -> Row | None:
    """One row of two halves, where the halves of its label make a label and no cell has both."""
    if upper.width != lower.width or not upper.cells or not lower.cells:
        return None
    above = {cell.col: cell for cell in upper.cells}
    below = {cell.col: cell for cell in lower.cells}
    labels = [col for col in above if col in below and above[col].text and below[col].text]
    if len(labels) != 1:
        return None
    col = labels[0]
    text = above[col].text + below[col].text
    word = form.word(text)
    if not word.is_line or word.read_as or form.word(below[col].text).is_line:
        return None
    if any(below[c].text for c in below if c not in above):
        return None
    cells = tuple(
        cell._replace(text=text if cell.col == col else cell.text or _text_at(below, cell.col))
        for cell in upper.cells
    )
    return Row.of(cells, upper.width, upper.number)


def _text_at(cells: dict[int, Cell], col: int) -> str:
    cell = cells.get(col)
    return cell.text if cell else ""


def flow_rows(table: Table, form: Form) -> list[Row]:
    """The rows of a flow of cells: each begins with a label, a heading, or after one."""
    rows: list[Row] = []
    current: list[tuple[Cell, Word]] = []
    number = 0

    def close() -> None:
        nonlocal current
        if current:
            cells = tuple(
                Cell(cell.text, column, 1, 1, column + 1, cell.flaw)
                for column, (cell, _) in enumerate(current)
            )
            rows.append(Row.of(cells, len(cells), number))
        current = []

    for row in table.rows:
        for cell in row.cells:
            word = form.word(cell.text)
            if is_outside(cell.text, word, form):
                close()
                number, current = row.number, [(cell, word)]
                close()
                continue
            if _begins(word, [before for _, before in current]):
                blanks: list[tuple[Cell, Word]] = []
                if word.is_value:  # blank cells before the first value of a row without a label
                    while current and current[-1][1].is_blank:
                        blanks.insert(0, current.pop())
                close()
                number, current = row.number, blanks
            elif not current:
                if word.is_blank:
                    continue
                number = row.number
            current.append((cell, word))
    close()
    return rows


def is_outside(text: str, word: Word, form: Form) -> bool:
    """Whether a cell of a flow is no cell: the heading of a section, or prose."""
    return form.is_section(text) or (len(text) > PROSE_LENGTH and not word.is_form)


def _begins(word: Word, current: list[Word]) -> bool:
    """Whether a cell of a flow begins a row."""
    if not current:
        return False
    has_value = any(before.is_value for before in current)
    if word.is_line or word.is_group or word.run_together:
        labels = all(before.is_group or before.is_blank for before in current)
        return not labels or all(before.is_blank for before in current[-3:])
    if word.is_article or word.is_information:
        return True
    opening = current[0]
    heads_columns = not (opening.is_line or opening.is_group or opening.is_information)
    if word.channel or word.applicant or word.result or word.is_heading:
        return has_value or not heads_columns
    if word.is_value:
        return heads_columns and not has_value and not opening.is_value and bool(opening.key)
    return False
