"""Table 四: one row of fifteen cells under two or three rows of headings."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from gouji.landing.form.cells import FormRow, line_of, trim
from gouji.landing.form.rows import numbers_columns
from gouji.landing.form.words import LONGEST_VALUE
from gouji.landing.reading import LineRead, Reading, marked, one_of
from gouji.landing.shown import Doubt
from gouji.landing.vocabulary import CHANNEL, VALUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from gouji.landing.form.words import Words
    from gouji.landing.grid import Cell, Row
    from gouji.landing.vocabulary import Form, Word


class Reviews:
    """Reads the row of table 四 once its headings have been met."""

    name = "reviews"

    def __init__(self, form: Form, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.headings: list[Row] = []
        self.is_done = False
        self.doubtful: list[FormRow] = []  # rows of fifteen values under no heading of the table
        self.last: FormRow | None = None  # the row that was read
        self.wanted = len(form.channels) * len(form.results)

    @property
    def is_open(self) -> bool:
        """Whether the headings were met and their row not yet."""
        return bool(self.headings) and not self.is_done

    def is_heading(self, words: Words) -> bool:
        """Whether a row holds the names of channels, or of results below them."""
        if words.roles & CHANNEL:
            return True
        return bool(self.headings) and sum(bool(word.result) for word in words) >= 2

    def read_heading(self, row: Row) -> None:
        """Add a row to the headings; after a row was read, or a repeat, begin new ones."""
        if self.is_done or row.texts in [heading.texts for heading in self.headings[:1]]:
            self.headings = []
            self.is_done = False
        self.headings.append(row)

    def may_be_its_row(self, row: FormRow) -> bool:
        """Whether a row can be the one below the headings: values, or among as many others."""
        words = row.words
        if words.are_values:
            return True
        is_short = all(len(text) <= LONGEST_VALUE for text in row.row.texts)
        has_value = bool(words.roles & VALUE) and not any(word.is_form for word in words)
        return has_value and is_short and len(row.row.texts) >= self.wanted

    def goes_on(self, row: FormRow) -> bool:
        """Whether a row of values stands right below the one that was read, under its headings."""
        last = self.last
        is_below = last is not None and last.sheet.table is row.sheet.table
        return is_below and last is not None and row.row.number == last.row.number + 1

    def read_row(self, row: FormRow) -> bool:
        """Land the row; False for one at which the document breaks off.

        A row that numbers the columns is none; of two rows with other numbers neither is certain.
        """
        if numbers_columns(row.row) and not row.is_last:
            return True
        cells = self._cells(row)
        self.is_done = True
        self.last = row
        if row.is_last and (isinstance(cells, str) or row.sheet.table.is_torn):
            return False
        for channel in self.form.channels:
            if isinstance(cells, str):
                read = LineRead.of(marked(row.place, cells) for _ in self.form.results)
            else:
                own = [cells[channel, result] for result in self.form.results]
                read = line_of(row, [cell.number - 1 for cell in own])
            had = self.reading.reviews.get(channel)
            if had is not None:
                read = LineRead.of(map(one_of, had, read))
            self.reading.reviews[channel] = read
        return True

    def mark(self, channel: str, place: str, reason: str) -> None:
        """Mark a channel that is not landed."""
        marks = LineRead.of([marked(place, reason) for _ in self.form.results])
        self.reading.reviews.setdefault(channel, marks)

    def settle(self) -> None:
        """A row of fifteen values under no heading is table 四 where its own sums bear it out.

        Fifteen zeros bear out nothing.
        """
        if self.reading.reviews or len(self.doubtful) != 1:
            return
        row = self.doubtful[0]
        filled = [row.row.texts[at] for at in trim(row.row, range(len(row.row.texts)))]
        size = len(self.form.results)
        groups = [filled[start : start + size] for start in range(0, len(filled), size)]
        if len(filled) != self.wanted or not any(text.strip("0") for text in filled):
            return
        if not all(text.isdigit() for text in filled):
            return
        if all(sum(map(int, group[:-1])) == int(group[-1]) for group in groups):
            self.headings = []
            self.read_row(replace(row, is_last=False))
            self.reading.notes.append(
                f"{row.place} is read as table 四 though no heading stands above it: "
                "fifteen values whose three totals are right"
            )

    def _cells(self, row: FormRow) -> dict[tuple[str, str], Cell] | str:
        """The fifteen cells by channel and result, or why they cannot be told."""
        flaws = [flaw for flaw in row.row.flaws if flaw and not isinstance(flaw, Doubt)]
        if flaws:
            return flaws[0]
        named = self._in_columns(row.row)
        if named is not None:
            return named
        filled = row.row.cells
        if row.sheet.table.is_typed and not row.sheet.is_exact:
            trimmed = trim(row.row, range(len(filled)))
            filled = filled[trimmed.start : trimmed.stop]
        objection = self._objection()
        if objection:
            return objection
        if len(filled) != self.wanted:
            return f"{len(filled)} cells where {self.wanted} are expected"
        if any(cell.colspan > 1 for cell in filled):
            return "its cells do not stand under the headings, one under each"
        names = [(c, r) for c in self.form.channels for r in self.form.results]
        return dict(zip(names, filled, strict=True))

    def _in_columns(self, row: Row) -> dict[tuple[str, str], Cell] | str | None:
        """The cells by the headings that they stand under, where all fifteen are named.

        A text says why they cannot be told; nothing is known where not all are named.
        """
        width = max((heading.width for heading in self.headings), default=0)
        if row.width != width or len(row.texts) < self.wanted:
            return None
        headings, word = tuple(self.headings), self.form.word
        results = _headings(headings, "result", word)
        channels = _headings(headings, "channel", word)
        named: dict[tuple[str, str], Cell] = {}
        is_clear = True
        for cell in row.cells:  # one may span columns, if its heading spans them too
            name = results.get(cell.col, "")
            if cell.rowspan > 1:
                return None
            if cell.colspan > 1 and any(
                results.get(column, "") != name for column in range(cell.col, cell.end)
            ):
                return None
            if name or len(row.texts) == self.wanted:
                named[channels.get(cell.col, ""), name] = cell
            else:
                is_clear = is_clear and not (cell.text or cell.flaw)
        in_order = [(one, other) for one in self.form.channels for other in self.form.results]
        if list(named) != in_order:
            return None
        return named if is_clear else "a value stands under no heading of the form"

    def _objection(self) -> str:
        """An objection to reading fifteen cells in the form's order, or nothing."""
        words = [self.form.word(text) for row in self.headings for text in row.texts]
        results = [word.result for word in words if word.result]
        channels = [word.channel for word in words if word.channel]
        unknown = [word.key for word in words if word.key and not word.is_form]
        if unknown:
            return f"heading {unknown[0]} is not the form's"
        in_order = self.form.results * len(self.form.channels)
        if results != in_order[: len(results)] or (results and len(results) != len(in_order)):
            return "the headings of the results are not the form's"
        ranked = [self.form.channels.index(channel) for channel in channels]
        if any(left >= right for left, right in pairwise(ranked)):
            return "the headings of the channels are not in the form's order"
        return ""


@lru_cache(maxsize=1_000)
def _headings(rows: tuple[Row, ...], role: str, word: Callable[[str], Word]) -> dict[int, str]:
    """The heading over each column: the lowest that covers it.

    A channel also covers the blank cells after it, where spans were lost.
    """
    names: dict[int, str] = {}
    for row in rows:
        starts = [cell for cell in row.cells if cell.text]
        for cell, following in zip_longest(starts, starts[1:]):
            name: str = getattr(word(cell.text), role)
            end = following.col if following is not None else row.width
            if name:
                columns = range(cell.col, end if role == "channel" else cell.end)
                names |= dict.fromkeys(columns, name)
    return names
