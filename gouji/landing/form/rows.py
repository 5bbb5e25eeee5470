"""The rows of a flow of cells, found by the labels with which they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.landing.grid import Cell, Row, Table

if TYPE_CHECKING:
    from gouji.landing.vocabulary import Form, Word

_STEMS = ("甲", "乙", "丙", "栏次")  # above the labels, where columns are numbered
_FEWEST = 7  # columns of the narrowest table that has them numbered
PROSE_LENGTH = 40  # characters from which a text is no cell of the form


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
                        blanks.append(current.pop())
                    blanks.reverse()
                close()
                number, current = row.number, blanks
            elif not current:
                if word.is_blank:
                    continue
                number = row.number
            current.append((cell, word))
    close()
    return rows


def numbers_columns(row: Row) -> bool:
    """Whether a row numbers the columns of its table: 1 to 7 or more, and nothing else."""
    filled = [text for text in row.texts if text and text not in _STEMS]
    return len(filled) >= _FEWEST and all(
        text == str(number) for number, text in enumerate(filled, start=1)
    )


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
