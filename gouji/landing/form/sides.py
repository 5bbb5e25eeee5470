"""Table 三 that is cut down its columns: a left part, and a right part beside or below it.

Where labels stand between the types of applicants, two parts stand in the same rows: the table is
cut there, and its parts are read as if they stood below each other.
The two are one table where their headings say so: the types of applicants of the left part are the
first of the form's, those of the right part are all the others, in order.  A right part may repeat
the labels of the rows; one that does not must have a row for each row of the left part, and a row
whose own total does not bear it out is marked.  Parts that cannot be joined are left as they are:
their rows have too few cells and are marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import mode
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.form.cut_rows import Worded
from gouji.landing.form.words import Words, words_of
from gouji.landing.grid import MAX_COLUMNS, Cell, Row
from gouji.landing.vocabulary import APPLICANT, CHANNEL, DISCLOSURE, LINE, VALUE

if TYPE_CHECKING:
    from gouji.landing.vocabulary import Form, Word


_REACHES = "it reaches over two parts of the table"
_RAGGED = "its row has other columns than the table, so that it cannot be told of which part it is"
NOT_BORNE_OUT = "its right part stands elsewhere without a label, and its total is another"


class _Place(NamedTuple):
    """A row of a table."""

    table: Worded
    at: int

    @property
    def row(self) -> Row:
        return self.table.rows[self.at]

    @property
    def words(self) -> Words:
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


class _Cut(NamedTuple):
    """Where two parts stand in the same rows: their rows, the column between, their headings."""

    start: int
    end: int
    column: int
    heads: list[Row]


def cut_at_sides(tables: list[Worded], form: Form) -> list[Worded]:
    """The tables, of which those that hold two parts of table 三 in the same rows are cut."""
    parts: list[Worded] = []
    known: dict[int, _Cut] = {}  # of the tables of a width, which may run on over pages
    waiting = list(reversed(tables))
    while waiting:
        table = waiting.pop()
        before = known.get(_width(table)) if known else None
        may_be = not table.table.is_flow and (before is not None or _holds_two(table))
        cut = _cut_of(table, before) if may_be else None
        if cut is None:
            parts.append(table)
            continue
        known[_width(table)] = cut
        rows = [*([] if cut.start else cut.heads), *table.rows[cut.start : cut.end]]
        left = _side(table, rows, range(cut.column), "left part", form)
        right = _side(table, rows, range(cut.column, MAX_COLUMNS), "right part", form)
        above, below = slice(cut.start), slice(cut.end, None)
        parts += [Worded(table.table, table.rows[above], table.words[above]), left]
        waiting += [Worded(table.table, table.rows[below], table.words[below]), right]
    return parts


def _width(table: Worded) -> int:
    return max((row.width for row in table.rows), default=0)


def _holds_two(table: Worded) -> bool:
    """Whether rows of a table hold the labels of two lines, as in few documents."""
    return len([1 for words in table.words if len(words.lines) > 1]) > 1


def _cut_of(table: Worded, known: _Cut | None) -> _Cut | None:
    """Where labels of lines stand between types of applicants, if they do.

    Where a table names no types, it may go on where one was cut on the page before.
    """
    types: dict[int, int] = {}  # the columns in which they begin and end
    heads: list[int] = []
    labels: dict[int, list[int]] = {}  # the columns of the labels of each row that has any
    for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
        if _names_types(words):
            heads.append(at)
            places = zip(row.columns, row.colspans, words, strict=True)
            types |= {column: column + span for column, span, word in places if word.applicant}
        elif any(words[label].request_line for label in words.lines):
            labels[at] = [row.columns[label] for label in words.lines]
    if known is not None and not types:
        return known._replace(start=0, end=max(labels) + 1) if labels else None
    for start, following in pairwise(sorted(types)):
        end = types[start]
        between = [at for at, found in labels.items() if any(end <= c < following for c in found)]
        if following > end and len(between) > 1:
            first = _first_of_heading(table, min(heads))
            return _Cut(first, max(labels) + 1, end, table.rows[first : max(heads) + 1])
    return None


def _first_of_heading(table: Worded, at: int) -> int:
    """The first row of a heading of which this row is one: those above it hold no labels."""
    while at and any(word.is_heading for word in table.words[at - 1]):
        if any(word.is_line or word.measures or word.is_value for word in table.words[at - 1]):
            break
        at -= 1
    return at


def _side(table: Worded, rows: list[Row], columns: range, name: str, form: Form) -> Worded:
    """The part of rows between two columns.

    In doubt is a value that reaches out of it, and every cell of a row that ends elsewhere than the
    table or its left part: a cell too few or too many has put the others out of place.
    """
    start, end = columns.start, columns.stop
    ends = {mode(row.width for row in rows), start or end}
    made = [
        Row.of(
            [
                cell._replace(
                    col=max(cell.col, start) - start,
                    colspan=min(cell.end, end) - max(cell.col, start),
                    flaw=cell.flaw
                    or (_REACHES if _reaches(cell, word, columns) else "")
                    or (_RAGGED if row.width not in ends and _is_cell(word) else ""),
                )
                for cell, word in zip(row.cells, words_of(row, form), strict=True)
                if cell.col < end and cell.end > start
            ],
            max(0, min(row.width, end) - start),
            row.number,
        )
        for row in rows
    ]
    part = replace(table.table, place=f"{table.table.place} ({name})")
    return Worded(part, made, [words_of(row, form) for row in made])


def _is_cell(word: Word) -> bool:
    return word.is_value or word.is_blank


def _reaches(cell: Cell, word: Word, columns: range) -> bool:
    return word.is_value and not (columns.start <= cell.col and cell.end <= columns.stop)


def join_sides(tables: list[Worded], form: Form) -> None:
    """Join the parts of table 三 in place; the rows of the right part are left blank."""
    if all(_has_all_types(table, form) for table in tables):
        return
    left: _Part | None = None
    for part in _parts(tables):
        types = part.types
        if types == form.applicants[: len(types)] and len(types) < len(form.applicants):
            left = part
            continue
        if left is not None and [*left.types, *types] == form.applicants:
            _join(left, part, form)
        left = None


def _has_all_types(table: Worded, form: Form) -> bool:
    """Whether one heading of a table names all types, if any does: it is no part, as are few."""
    heads = [
        at
        for at, words in enumerate(table.words)
        if words.roles & APPLICANT and _names_types(words)
    ]
    named = {word.applicant for at in heads for word in table.words[at] if word.applicant}
    is_one = not heads or heads[-1] - heads[0] == len(heads) - 1
    return is_one and len(named) in (0, len(form.applicants))


def _parts(tables: list[Worded]) -> list[_Part]:
    """The parts of tables that stand under headings of types."""
    parts: list[_Part] = []
    part: _Part | None = None
    for table in tables:
        if table.table.is_flow:
            part = None
            continue
        for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
            if _names_types(words):
                if part is None or part.rows:
                    part = _Part(row.width)
                    parts.append(part)
                part.add_heading(_Place(table, at))
            elif part is None or row.is_blank:
                continue
            elif row.width == part.width and _is_row(words):
                part.rows.append(_Place(table, at))
            else:
                part = None
    return parts


def _names_types(words: Words) -> bool:
    if words.roles & (LINE | CHANNEL | VALUE) or not words.roles & APPLICANT:
        return False
    if any(word.result and not word.applicant for word in words):
        return False
    named = [word for word in words if word.applicant]
    return len(named) >= 2 or all(  # one alone, 其他 or 总计, may be the label of a row
        word.applicant or word.is_heading or word.is_blank for word in words
    )


def _is_row(words: Words) -> bool:
    """Whether a row may be one of table 三: it has the label of a line, or values alone."""
    return bool(words.roles & (LINE | VALUE)) and not words.roles & (DISCLOSURE | CHANNEL)


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
