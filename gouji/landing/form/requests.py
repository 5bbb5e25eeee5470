"""Table 三: seven cells a line, one for each type of applicant."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from gouji.landing.form.cells import (
    FormRow,
    Unclear,
    are_blank,
    in_columns,
    line_of,
    refuse_foreign,
    refuse_strange,
    trim,
)
from gouji.landing.reading import LineRead, Reading, marked, one_of
from gouji.landing.vocabulary import CHANNEL, HEADING, LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.landing.form.words import Words
    from gouji.landing.grid import Row
    from gouji.landing.vocabulary import Form, Word


@dataclass(slots=True)
class _Heading:
    """The heading: the column of each applicant type, as far as it is found."""

    width: int
    is_flow: bool
    is_typed: bool
    columns: dict[str, int] = field(default_factory=dict)
    in_order: list[str] = field(default_factory=list)
    others: dict[int, str] = field(default_factory=dict)  # columns of headings not the form's
    is_even: bool = True  # all its rows that name types are as wide
    is_ordered: bool = True  # each of its rows names types in the form's order

    def add(self, row: Row, words: list[Word], form: Form) -> None:
        """Take what one row of it names."""
        ranks = [form.applicants.index(word.applicant) for word in words if word.applicant]
        names = bool(ranks)
        if not self.is_flow and ranks != sorted(ranks):
            self.is_ordered = False
        if names:
            self.is_even = self.is_even and (row.width == self.width or not self.in_order)
        self.width = max(self.width, row.width)
        for column, span, word in zip(row.columns, row.colspans, words, strict=True):
            if word.applicant:
                had = self.columns.setdefault(word.applicant, column)
                if had != column or word.applicant not in self.in_order:
                    self.in_order.append(word.applicant)
            elif names and word.key and not word.is_form:
                self.others |= dict.fromkeys(range(column, column + span), word.key)

    def strange(self, form: Form) -> set[str]:
        """The headings that are neither the form's nor what is left of one of the form's."""
        known = [key for key, word in form.words.items() if word.applicant or word.is_heading]
        return {
            other
            for other in set(self.others.values())
            if not any(other in key for key in known) and not get_close_matches(other, known)
        }

    def is_side(self, form: Form) -> bool:
        """Whether it names the first or the last types and no others, as one part of a table."""
        named = [name for name in form.applicants if name in self.columns]
        count = len(named)
        if self.others or not 1 < count < len(form.applicants):
            return False
        return named in (form.applicants[:count], form.applicants[-count:])

    def is_part_of(self, other: _Heading) -> bool:
        """Whether it repeats a part of another heading."""
        return (
            self.width == other.width
            and not self.others
            and all(other.columns.get(name) == column for name, column in self.columns.items())
        )


class Requests:
    """Reads the rows of table 三 under its heading, which may take several rows."""

    name = "requests"

    def __init__(self, form: Form, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.heading: _Heading | None = None
        self.columns: tuple[tuple[int, ...] | None, str] | None = None  # of the heading, once known
        self.whole: _Heading | None = None  # the heading before this one
        self.has_rows = False  # rows stand below the heading
        self.last_line = ""

    def is_heading(self, words: Words) -> bool:
        """Whether a row holds the names of types of applicants."""
        if words.roles & (LINE | CHANNEL):
            return False
        if any(word.result and not word.applicant for word in words):
            return False
        named = sum(bool(word.applicant) for word in words)
        return named >= 2 or bool(words.roles & HEADING)

    def read_heading(self, row: FormRow, *, goes_on: bool) -> None:
        """Add a row to the heading, or begin a new one where rows stand between.

        A heading is repeated on each page; where only a part of it is, the whole one holds.
        """
        self.columns = None
        table = row.sheet.table
        if self.heading is None or not goes_on or self.has_rows:
            self.whole = self.heading
            self.heading = _Heading(row.row.width, table.is_flow, table.is_typed)
            self.has_rows = False
        self.heading.add(row.row, row.words, self.form)

    def may_be_other(self, before: list[Word]) -> bool:
        """Whether 其他 is the last line of （六）: its heading or its other lines stand before it.

        Anywhere else it may be what is left of a longer label.
        """
        heads = any(word.request_line == "other_processing" for word in before)
        return heads or self.last_line in ("other_processing", *self.form.split_lines)

    def read_row(self, row: FormRow, label: int) -> bool:
        """Land a row; False for one at which the document breaks off."""
        words, grid_row, table = row.words, row.row, row.sheet.table
        line = words[label].request_line
        self.last_line = line
        self.has_rows = True
        if words[label].read_as:
            self.reading.say_read_as(row.place, grid_row.texts[label], words[label].read_as)
        data = range(label + 1, len(grid_row.texts))
        try:
            cells = self._under(row, data)
            if row.is_last and table.is_torn and cells[-1] == data[-1]:
                raise Unclear("the document ends in its last cell")
        except Unclear as unclear:
            is_heading = (
                line == "other_processing" and not trim(grid_row, data) and not table.is_flow
            )
            if row.is_last:
                return False
            if data and not is_heading:  # else （六） is but the heading of its own lines
                self.mark(line, row.place, str(unclear))
            return True
        self._put(line, line_of(row, cells))
        return True

    def mark(self, line: str, place: str, reason: str) -> None:
        """Mark all cells of a line."""
        self._put(line, LineRead.of([marked(place, reason) for _ in self.form.applicants]))

    def has(self, line: str) -> bool:
        """Whether a line is landed."""
        return line in self.reading.requests

    def forget(self, line: str) -> None:
        """Leave a line as if it had not been met."""
        self.reading.requests.pop(line, None)

    def _put(self, line: str, cells: LineRead) -> None:
        had = self.reading.requests.get(line)
        if had is None:
            self.reading.requests[line] = cells
        else:
            self.reading.requests[line] = LineRead.of(map(one_of, had, cells))

    def _type_columns(self) -> tuple[tuple[int, ...] | None, str]:
        """The columns of the seven types in the form's order, if all are known; or an objection."""
        heading = self.heading
        if heading is None:
            return None, ""
        is_repeated = self.whole is not None and len(heading.in_order) < len(self.form.applicants)
        if self.whole is not None and is_repeated and heading.is_part_of(self.whole):
            heading = self.heading = self.whole
        order = [code for code in self.form.applicants if code in heading.columns]
        organisations = [code for code in heading.in_order if code in self.form.applicants[1:6]]
        columns = [heading.columns[code] for code in order]
        is_moved = columns != sorted(columns) and not heading.is_typed
        if is_moved or not heading.is_ordered:
            return None, "the headings of the applicant types are not in the form's order"
        is_whole = len(order) == len(self.form.applicants) == len(heading.in_order)
        if is_whole and columns == sorted(set(columns)) and not heading.is_flow:
            return tuple(columns), ""
        ranked = [self.form.applicants.index(code) for code in organisations]
        if ranked != sorted(ranked):
            return None, "the headings of the applicant types are not in the form's order"
        return None, ""

    def _under(self, row: FormRow, data: range) -> Sequence[int]:
        """Which are the seven cells in the form's order; `Unclear` where they cannot be told."""
        grid_row = row.row
        refuse_foreign(grid_row, data, row.words)
        if self.columns is None:
            self.columns = self._type_columns()
        columns, objection = self.columns
        heading = self.heading
        if columns is not None and heading is not None and grid_row.width == heading.width:
            label = data.start - 1
            if grid_row.columns[label] + grid_row.colspans[label] <= columns[0]:
                aligned = _in_types(grid_row, data, columns, heading.others)
                if aligned:
                    return aligned
                if heading.is_typed and heading.is_even:
                    raise Unclear("its cells do not stand under the headings, one under each")
        if objection:
            raise Unclear(objection)
        if heading is not None and columns is not None and not heading.is_typed:
            first, last = columns[0], columns[-1]
            if last - first + 1 > len(columns) or heading.width > last + 1:
                # With a column too many, a row that has lost a cell has as many as the form.
                raise Unclear("its cells do not stand under the headings, one under each")
        if heading is not None and heading.is_side(self.form):
            raise Unclear("the headings above are a part of the form's, and so are its cells")
        if heading is not None:
            strange = heading.strange(self.form)
            unread = len(set(heading.others.values()) - strange)  # what is left of other types
            missing = len(self.form.applicants) - len(heading.in_order)
            is_whole = missing <= 0 and not heading.is_flow  # a flow may hold headings in fragments
            parts = unread if is_whole else min(unread, max(0, missing))
            count = len(heading.in_order) + len(strange) + parts
            if count > len(self.form.applicants):
                raise Unclear(f"{count} headings stand above where the form has seven")
        refuse_strange(grid_row, data, self.form)
        return self._counted(row, data)

    def _counted(self, row: FormRow, data: range) -> range:
        """The cells of a row that has exactly as many as the form, whichever way it is counted."""
        wanted = len(self.form.applicants)
        table = row.sheet.table
        if row.sheet.usual_count > wanted:  # blank cells at an end may be the form's or others
            raise Unclear(f"{row.sheet.usual_count} cells where {wanted} are expected")
        if row.sheet.is_exact and len(data) == wanted:
            return data
        filled = trim(row.row, data)
        if len(data) != wanted and any(row.row.flaws[at] for at in filled):
            raise Unclear("blank cells at an end may be its own: a cell beside them was not read")
        if len(filled) == wanted and all(row.row.colspans[at] == 1 for at in filled):
            if table.is_typed or len(data) == wanted:
                return filled
        elif table.is_flow and row.sheet.has_no_fillers and len(filled) < wanted:
            # Blank cells before the last value: counted from the label.
            counted = range(data.start, filled.stop) if filled else filled
            if len(counted) == wanted:
                return counted
        raise Unclear(
            f"{len(filled if table.is_typed else data)} cells where {wanted} are expected"
        )


def _in_types(
    row: Row, data: range, columns: tuple[int, ...], others: dict[int, str]
) -> Sequence[int]:
    """The cells that stand in the columns, if every one does.

    All others are blank or stand under a heading that is not the form's.
    """
    if row.columns[data.start :] == columns and set(row.colspans[data.start :]) == {1}:
        return data
    single = [at for at in data if row.colspans[at] == 1]
    picked = in_columns(row, single, columns)
    is_whole = len(picked) == len(columns)
    besides = [*picked, *(at for at in data if row.columns[at] in others)] if others else picked
    return picked if is_whole and are_blank(row, data, besides=besides) else []


def usual_count(rows: Sequence[list[Word]]) -> int:
    """How many cells stand after the label in the rows of table 三, if nearly all have as many."""
    counts = [
        len(row) - label - 1
        for row in rows
        for label in [_line_at(row, -1)]
        if label >= 0 and len(row) > label + 1
    ]
    usual = max(counts, key=counts.count, default=0)
    same = counts.count(usual)
    return usual if same >= 5 and same >= 0.8 * len(counts) else 0


def has_no_fillers(rows: Sequence[list[Word]], wanted: int) -> bool:
    """Whether values follow their labels at once: to the last of them there are always seven.

    Where a label took several columns, blank cells may stand between it and its values; then
    cells cannot be counted from the label.
    """
    counts: list[int] = []
    at_once = False
    for row in rows:
        label = _line_at(row, len(row))
        data = row[label + 1 :]
        filled = [i for i, word in enumerate(row) if i > label and not word.is_blank]
        if filled and all(word.is_blank or word.is_value for word in data):
            counts.append(filled[-1] - label)
            at_once = at_once or (filled[0] == label + 1 and counts[-1] == wanted)
    if counts and counts[-1] < wanted:
        counts.pop()  # the row at which the document breaks off
    return at_once and len(counts) >= 3 and all(count == wanted for count in counts)


def _line_at(row: list[Word], otherwise: int) -> int:
    """Where the label of a line of table 三 stands in a row."""
    return next((i for i, word in enumerate(row) if word.request_line and word.is_line), otherwise)
