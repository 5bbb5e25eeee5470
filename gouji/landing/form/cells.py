"""What the readers of all three tables share: a row as the walker hands it on, and its cells.

A row is read only where its shape leaves one reading: its cells stand under the headings, or there
are exactly as many as the form has and both ends are filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.form.rows import PROSE_LENGTH
from gouji.landing.reading import LineRead, line_read
from gouji.landing.shown import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.landing.form.words import Words
    from gouji.landing.grid import Row, Table
    from gouji.landing.vocabulary import Form, Word


class Unclear(Exception):
    """A row whose cells cannot be told apart with certainty; the text is the reason."""


class Sheet(NamedTuple):
    """A table of the document with what is known of it as a whole."""

    table: Table
    is_extra: bool  # it has no headings of the form
    usual_count: int  # of the cells after the labels of table 三, where a text parts them
    is_exact: bool  # a flow with exactly the form's cells in its rows
    has_no_fillers: bool  # a flow whose values follow their labels at once


@dataclass(slots=True)
class FormRow:
    """A row of a table with the words that its cells may be."""

    sheet: Sheet
    row: Row
    words: Words
    is_last: bool  # the document ends with it: it may be a part

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        table = self.sheet.table
        number = self.row.number
        return f"line {number}" if table.is_flow else f"{table.place}, row {number}"


def line_of(row: FormRow, cells: Sequence[int]) -> LineRead:
    """Cells of a row as a landed line, those marked in which what stands is in doubt."""
    pick = itemgetter(*cells)
    read = line_read(pick(row.row.texts), row.place, tuple([at + 1 for at in cells]))
    flaws = pick(row.row.flaws)
    return read.doubted(flaws) if any(flaws) else read


def trim(row: Row, data: range) -> range:
    """The cells from the first that is filled to the last."""
    filled = [at for at in data if row.texts[at] or row.flaws[at]]
    return range(filled[0], filled[-1] + 1) if filled else range(0)


def in_columns(row: Row, data: Iterable[int], columns: Iterable[int]) -> list[int]:
    """The cells that begin in the columns."""
    by_column = {row.columns[at]: at for at in data}
    return [by_column[column] for column in columns if column in by_column]


def are_blank(row: Row, data: range, *, besides: list[int]) -> bool:
    """Whether no cell besides some holds text."""
    return not any(row.texts[at] or row.flaws[at] for at in data if at not in besides)


def refuse_foreign(row: Row, data: range, words: list[Word]) -> None:
    """Raise `Unclear` where cells cannot be data: a label, a text, broken markup, a span."""
    if _are_plain_numbers(row, data):
        return
    for cell, word in zip(row.cells[data.start :], words[data.start :], strict=True):
        flaw = "" if isinstance(cell.flaw, Doubt) else cell.flaw  # of the row's shape
        if (word.is_value or word.is_blank) and not flaw and cell.rowspan == 1:
            continue
        if flaw:
            raise Unclear(flaw)
        if word.is_form:
            raise Unclear(f"a label stands among the values: {cell.text[:20]}")
        if cell.rowspan > 1:
            raise Unclear("a cell of the row reaches over several rows")
        if len(cell.text) > PROSE_LENGTH and not word.is_value:
            raise Unclear("a text stands among the values")


def refuse_strange(row: Row, data: range, form: Form) -> None:
    """Raise `Unclear` where cells that are only counted hold something that is no value."""
    for text, flaw in zip(row.texts[data.start :], row.flaws[data.start :], strict=True):
        word = form.word(text)
        if text and not flaw and not (word.is_value or word.is_numbering):
            raise Unclear(f"a text that is no value stands among the cells: {text[:20]}")


def _are_plain_numbers(row: Row, data: range) -> bool:
    """Whether cells hold nothing but digits or nothing, each in one row, in whole markup."""
    start = data.start
    text = "".join(row.texts[start:])
    return (
        text.isdigit()
        and text.isascii()
        and set(row.rowspans[start:]) == {1}
        and not any(row.flaws)
    )
