"""Table 三 that is cut down its columns: a left part, and a right part beside or below it.

The two are one table where their headings say so: the types of applicants of the left part are the
first of the form's, those of the right part are all the others, in order.  A right part may repeat
the labels of the rows; one that does not must have a row for each row of the left part, and a row
whose own total does not bear it out is marked.  Parts that cannot be joined are left as they are:
their rows have too few cells and are marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.form.walk import words_of
from gouji.landing.grid import Cell, Row

if TYPE_CHECKING:
    from gouji.landing.form.cut_rows import Worded
    from gouji.landing.vocabulary import Form, Word


NOT_BORNE_OUT = "its right part stands elsewhere without a label, and its total is another"


class _Place(NamedTuple):
    """A row of a table."""

    table: Worded
    at: int

    @property
    def row(self) -> Row:
        return self.table.rows[self.at]

    @property
    def words(self) -> list[Word]:
        return self.table.words[self.at]

    @property
    def line(self) -> str:
        return next((word.request_line for word in self.words if word.is_line), "")

    def put(self, row: Row, form: Form) -> None:
        """Put another row in its place."""
        self.table.rows[self.at] = row
        self.table.words[self.at] = words_of(row, form)


@dataclass(slots=True)
class _Part:
    """Rows under one heading that names types of applicants, on one page or more."""

    width: int
    heads: list[_Place] = field(default_factory=list)
    rows: list[_Place] = field(default_factory=list)
    columns: dict[str, tuple[int, int]] = field(default_factory=dict)  # first column, one after it

    @property
    def types(self) -> list[str]:
        return sorted(self.columns, key=self.columns.__getitem__)

    def add_heading(self, place: _Place) -> None:
        row = place.row
        self.heads.append(place)
        for column, span, word in zip(row.columns, row.colspans, place.words, strict=True):
            if word.applicant:
                self.columns.setdefault(word.applicant, (column, column + span))


def join_sides(tables: list[Worded], form: Form) -> None:
    """Join the parts of table 三 in place; the rows of the right part are left blank."""
    left: _Part | None = None
    for part in _parts(tables):
        types = part.types
        if types == form.applicants[: len(types)] and len(types) < len(form.applicants):
            left = part
            continue
        if left is not None and [*left.types, *types] == form.applicants:
            _join(left, part, form)
        left = None


def _parts(tables: list[Worded]) -> list[_Part]:
    """The parts of tables that stand under headings of types."""
    parts: list[_Part] = []
    part: _Part | None = None
    for table in tables:
        if table.table.is_flow:
            part = None
            continue
        for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
            place = _Place(table, at)
            if _names_types(words):
                if part is None or part.rows:
                    part = _Part(row.width)
                    parts.append(part)
                part.add_heading(place)
            elif row.is_blank or part is None:
                continue
            elif row.width == part.width and _is_row(words):
                part.rows.append(place)
            else:
                part = None
    return parts


def _names_types(words: list[Word]) -> bool:
    if any(word.is_line or word.channel or word.is_value for word in words):
        return False
    if any(word.result and not word.applicant for word in words):
        return False
    named = [word for word in words if word.applicant]
    return len(named) >= 2 or (  # one alone, 其他 or 总计, may be the label of a row
        bool(named) and all(word.applicant or word.is_heading or word.is_blank for word in words)
    )


def _is_row(words: list[Word]) -> bool:
    """Whether a row may be one of table 三: it has the label of a line, or values alone."""
    if any(word.disclosure_line or word.channel for word in words):
        return False
    return any(word.is_line for word in words) or any(word.is_value for word in words)


def _join(left: _Part, right: _Part, form: Form) -> None:
    """Put the cells of the right part beside those of the left, if all can be told."""
    lines, again = ([place.line for place in part.rows] for part in (left, right))
    if len(lines) != len(again) or (any(again) and (lines != again or not all(lines))):
        return
    beside = [_values(right, place) for place in right.rows]
    row = right.heads[-1].row
    beside.append(
        [
            Cell(form.labels[name], 0, 1, 1, len(row.texts) + number)
            for number, name in enumerate(right.types, start=1)
        ]
    )
    if not lines or not all(beside):
        return
    for place, cells in zip([*left.rows, left.heads[-1]], beside, strict=True):
        own = place.row
        is_sure = any(again) or place is left.heads[-1] or _adds_up(_values(left, place), cells)
        placed = [
            cell._replace(
                col=left.width + number,
                rowspan=1,
                colspan=1,
                flaw=cell.flaw if is_sure else NOT_BORNE_OUT,
            )
            for number, cell in enumerate(cells)
        ]
        place.put(Row.of([*own.cells, *placed], left.width + len(cells), own.number), form)
    for place in [*right.heads, *right.rows]:
        row = place.row
        blank = [cell._replace(text="", flaw="") for cell in row.cells]
        place.put(Row.of(blank, row.width, row.number), form)


def _adds_up(left: list[Cell], right: list[Cell]) -> bool:
    """Whether the cells of a row are numbers of which the last is the sum of the others."""
    texts = [cell.text or "0" for cell in (*left, *right)]
    if not left or not all(text.isascii() and text.isdigit() for text in texts):
        return False
    *parts, total = map(int, texts)
    return sum(parts) == total


def _values(part: _Part, place: _Place) -> list[Cell]:
    """The cells of a row under the types; none where others hold values or one is missing."""
    under = {columns: name for name, columns in part.columns.items()}
    found: dict[str, Cell] = {}
    for cell, word in zip(place.row.cells, place.words, strict=True):
        name = under.get((cell.col, cell.end))
        if name is not None:
            found[name] = cell
        elif cell.flaw or word.is_value:
            return []
    return [found[name] for name in part.types] if len(found) == len(part.types) else []
