"""A second set of the form in one document: what the first lacks is never taken from it.

A second report may follow without a title of its own.  It is known by its order: after table 三 or
四 comes an earlier table again, with lines that stood before.  Where their numbers are others, the
document is refused; where they agree, it may be one report printed twice, and what stands only in
the second set is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gouji.landing.grid import Refused, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.form.cut_rows import Worded
    from gouji.landing.vocabulary import Form

FEWEST_LINES = 2  # that stand twice, by which a second set is known
ONLY_IN_SECOND = "the form stands in the document twice, and this line only in the second place"
_DISCLOSURES, _REQUESTS, _REVIEWS = range(3)  # in the order of the form


@dataclass(slots=True)
class _Place:
    """A row that holds a line of the form, or the fifteen cells of table 四."""

    table: Worded
    at: int
    has_headings: bool  # in its table; others may stand beside the form
    form_table: int  # in the order of the form
    line: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What the row holds after its label."""
        start = max(self.table.words[self.at].lines, default=-1) + 1
        return tuple(filter(None, self.table.rows[self.at].texts[start:]))


def refuse_or_mark_second_set(tables: list[Worded], form: Form) -> None:
    """Raise `Refused` for a second set with other numbers; mark in place what only it has."""
    places = list(_places(tables, form))
    start = _second(places)
    if start is None:
        return
    first = {place.line: place for place in places[:start]}
    for place in places[start:]:
        before = first.get(place.line)
        if before is None:
            row = place.table.rows[place.at]
            cells = [cell._replace(flaw=cell.flaw or ONLY_IN_SECOND) for cell in row.cells]
            place.table.rows[place.at] = Row.of(cells, row.width, row.number)
        elif before.texts != place.texts:
            raise Refused(
                "it holds two reports: the tables of the form stand in it twice, with other "
                f"numbers in {form.labels.get(place.line, 'table 四')}: save each as a document "
                "of its own"
            )


def _places(tables: list[Worded], form: Form) -> Iterator[_Place]:
    wanted = len(form.channels) * len(form.results)
    for table in tables:
        is_headed = table.table.is_flow or table.names_form
        for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
            if words.lines:
                word = words[words.lines[-1]]
                order = _DISCLOSURES if word.disclosure_line else _REQUESTS
                yield _Place(table, at, is_headed, order, word.disclosure_line or word.request_line)
            elif len(words) >= wanted and words.are_values and any(map(form.is_value, row.texts)):
                yield _Place(table, at, is_headed, _REVIEWS, "reviews")


def _second(places: list[_Place]) -> int | None:
    """Where the second set begins: at a table that comes after a later one of the form."""
    latest = 0
    for at, place in enumerate(places):
        if not place.has_headings:
            continue
        if place.form_table < latest:
            seen = {before.line for before in places[:at]}
            again = {after.line for after in places[at:] if after.has_headings} & seen
            if len(again) >= FEWEST_LINES or "reviews" in again:
                return at
        else:
            latest = place.form_table
    return None
