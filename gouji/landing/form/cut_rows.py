"""Rows that the end of a page cut in two are made whole again, or marked.

The halves of a row stand one below the other, mostly as the last row of a table and the first of
the next, which may repeat the headings before it.  They are one row where the halves of a label
make a label of the form, or where the lower half holds nothing but the rest of what stands above
it, and no text stands between the two tables.  A number that stands in both halves is doubtful.
Where a half cannot be joined, what it holds is marked: its blanks are no blanks of the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.form.rows import numbers_columns
from gouji.landing.form.words import Words, words_of
from gouji.landing.grid import Cell, Row
from gouji.landing.shown import Doubt
from gouji.landing.vocabulary import CHANNEL, HEAD, NAMES_TABLE, READ_AS, VALUE, WHOLE_LINE

if TYPE_CHECKING:
    from gouji.landing.grid import Table
    from gouji.landing.vocabulary import Form

_TAILS = tuple(".．、,，:：)）")  # with which no label begins
CUT = "the end of a page cuts its row in two"


class Worded(NamedTuple):
    """A table with its rows and the words that their cells may be."""

    table: Table
    rows: list[Row]
    words: list[Words]
    is_apart: bool = False  # a text stands between it and the table before it

    @property
    def names_form(self) -> bool:
        """Whether headings of the form's tables stand in it."""
        return any(words.roles & NAMES_TABLE for words in self.words)


@dataclass(slots=True)
class _Place:
    """A row of a table."""

    table: Worded
    at: int
    row: Row
    words: Words
    is_plain: bool  # it holds the label of a line as the form has it

    def put(self, row: Row, words: Words) -> None:
        """Put another row in its place."""
        self.table.rows[self.at], self.table.words[self.at] = row, words
        self.row, self.words = row, words


def join_cut_rows(tables: list[Worded], form: Form) -> None:
    """Join or mark the halves of cut rows, in place; the lower half is left as a blank row."""
    above: _Place | None = None
    for table in tables:
        if table.table.is_flow:
            above = None
            continue
        for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
            is_plain = bool(words.roles & WHOLE_LINE)
            if not is_plain and (_is_heading(words) or row.is_blank or numbers_columns(row)):
                if words.roles & CHANNEL:
                    above = None  # no row of another table goes on below the headings of table 四
                continue
            place = _Place(table, at, row, words, is_plain)
            if (
                above is None
                or (above.is_plain and is_plain and not _may_begin(above, row, words))
                or not _join(above, place, form)
            ):
                is_over = above is not None and above.table is not table
                above = place
                if not words.roles & VALUE and _is_tail(place, is_over=is_over):
                    _mark_half(place)


def _is_heading(words: Words) -> bool:
    """Whether a row can be one of headings: it names what the form has, and holds no value."""
    if words.roles & (VALUE | READ_AS):
        return False
    # One type or result alone, 其他 or 总计, may be what is left of a line's label.
    return bool(words.roles & HEAD) or len([1 for w in words if w.applicant or w.result]) >= 2


def _may_begin(above: _Place, row: Row, words: Words) -> bool:
    """Whether the label of a row may begin in the row above it: what stands there is no label.

    Columns are counted from the right, where the values stand.
    """
    lines, upper = words.lines, above.row
    if lines == above.words.lines and (row.columns, row.width) == (upper.columns, upper.width):
        return False  # a label stands right above, as in most rows
    column = row.columns[lines[-1]] + upper.width - row.width if lines else -1
    if column not in upper.columns:
        return False
    at = upper.columns.index(column)
    return bool(upper.texts[at]) and not above.words[at].is_line


def _join(above: _Place, below: _Place, form: Form) -> bool:
    """Join two rows if they are halves of one; else mark what may be a half."""
    is_over = above.table is not below.table
    row = _joined(above, below, form, is_over=is_over)
    if row is not None:
        above.put(row, words_of(row, form))
        blank = [cell._replace(text="", flaw="") for cell in below.row.cells]
        below.put(
            Row.of(blank, below.row.width, below.row.number),
            Words(form.word("") for _ in below.words),
        )
        return True
    has_values = [bool(half.words.roles & VALUE) for half in (above, below)]
    is_same = above.row.width == below.row.width
    if is_over and is_same and not below.is_plain and _belongs(below):
        _mark_half(below)
        if not has_values[0] or _values_alone(below):
            _mark_half(above)
    elif has_values == [True, False] and (
        is_over or (is_same and (not above.is_plain or _may_begin(above, below.row, below.words)))
    ):
        _mark_half(below)  # what stands above it without a label may be its own
    elif has_values == [False, True] and _values_alone(below):
        _mark_half(above)
    return False


def _is_tail(place: _Place, *, is_over: bool) -> bool:
    """Whether a row without values has a label of which the beginning may stand elsewhere."""
    return any(
        word.is_line and (text.startswith(_TAILS) or (is_over and bool(word.read_as)))
        for text, word in zip(place.row.texts, place.words, strict=True)
    )


def _belongs(place: _Place) -> bool:
    """Whether a row stands in a table of the form."""
    return any(words.lines for words in place.table.words)


def _values_alone(place: _Place) -> bool:
    return all(word.is_value or word.is_blank or word.is_group for word in place.words)


def _mark_half(place: _Place) -> None:
    """Mark the cells after the label of a row."""
    label = max(
        (i for i, word in enumerate(place.words) if word.is_line or word.request_line), default=-1
    )
    if label >= 0:
        cells = [
            cell._replace(flaw=cell.flaw or CUT) if cell.number > label + 1 else cell
            for cell in place.row.cells
        ]
        place.put(Row.of(cells, place.row.width, place.row.number), place.words)


def _joined(above: _Place, below: _Place, form: Form, *, is_over: bool) -> Row | None:
    """The whole row of two halves, or nothing where they may be two rows."""
    if above.row.width != below.row.width:
        return None
    lower = {
        cell.col: (cell, word) for cell, word in zip(below.row.cells, below.words, strict=True)
    }
    cells: list[Cell] = []
    is_label_joined = False
    for cell, word in zip(above.row.cells, above.words, strict=True):
        rest, rest_word = lower.pop(cell.col, (None, None))
        if rest is None or rest_word is None or not (rest.text or rest.flaw):
            cells.append(cell)
        elif not (cell.text or cell.flaw):
            cells.append(cell._replace(text=rest.text, flaw=rest.flaw))
        elif word.is_value and rest_word.is_value:
            doubt = cell.flaw or rest.flaw or Doubt.WRAPPED
            cells.append(cell._replace(text=f"{cell.text} {rest.text}", flaw=doubt))
        else:  # a label, of which the first half may be its number alone
            whole = form.word(cell.text + rest.text)
            is_line = whole.is_line and not whole.read_as
            if (not is_line and not whole.is_group) or cell.flaw or rest.flaw:
                return None
            is_label_joined = is_label_joined or is_line
            cells.append(cell._replace(text=cell.text + rest.text))
    if any(cell.text or cell.flaw for cell, _ in lower.values()):
        return None
    if not is_label_joined and not _is_rest(above, below, is_over=is_over):
        return None
    if not is_over and above.words.roles & below.words.roles & VALUE:
        return None
    return Row.of(cells, above.row.width, above.row.number)


def _is_rest(above: _Place, below: _Place, *, is_over: bool) -> bool:
    """Whether a row without a label holds the rest of the row above it, on the page before."""
    if not is_over or below.table.is_apart or not _values_alone(below):
        return False
    if above.is_plain:  # its values, or the rest of its group's label
        return True
    is_alone = sum(not row.is_blank for row in below.table.rows) == 1
    return is_alone and len(below.row.texts) == len(above.row.texts) and _values_alone(above)
