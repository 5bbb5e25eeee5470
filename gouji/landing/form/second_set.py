"""A second set of the form in one document: what the first lacks is never taken from it.

A second report may follow without a title of its own.  It is known by its order: after table 三 or
四 comes an earlier table again, with lines that stood before.  Where their numbers are others, the
document is refused; where they agree, it may be one report printed twice, and what stands only in
the second set is marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.grid import Refused, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.form.cut_rows import Worded
    from gouji.landing.vocabulary import Form, Word

FEWEST_LINES = 2  # that stand twice, by which a second set is known
ONLY_IN_SECOND = "the form stands in the document twice, and this line only in the second place"
_ORDER = {"disclosures": 0, "requests": 1, "reviews": 2}


class _Place(NamedTuple):
    """A row that holds a line of the form, or the fifteen cells of table 四."""

    table: Worded
    at: int
    has_headings: bool  # in its table; others may stand beside the form
    form_table: str
    line: str
    texts: tuple[str, ...]


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
        is_headed = table.table.is_flow or any(
            word.measures or word.is_information or word.is_heading or word.channel
            for words in table.words
            for word in words
        )
        for at, (row, words) in enumerate(zip(table.rows, table.words, strict=True)):
            label = max((i for i, word in enumerate(words) if word.is_line), default=-1)
            if label >= 0:
                word = words[label]
                name = "disclosures" if word.disclosure_line else "requests"
                texts = tuple(filter(None, row.texts[label + 1 :]))
                line = word.disclosure_line or word.request_line
                yield _Place(table, at, is_headed, name, line, texts)
            elif _is_review_row(words, wanted) and any(map(form.is_value, row.texts)):
                texts = tuple(filter(None, row.texts))
                yield _Place(table, at, is_headed, "reviews", "reviews", texts)


def _is_review_row(words: list[Word], wanted: int) -> bool:
    values = sum(word.is_value for word in words)
    blanks = sum(word.is_blank for word in words)
    return values + blanks == len(words) and len(words) >= wanted and values > 0


def _second(places: list[_Place]) -> int | None:
    """Where the second set begins: at a table that comes after a later one of the form."""
    latest = 0
    for at, place in enumerate(places):
        if not place.has_headings:
            continue
        order = _ORDER[place.form_table]
        if order < latest:
            seen = {before.line for before in places[:at]}
            again = {after.line for after in places[at:] if after.has_headings} & seen
            if len(again) >= FEWEST_LINES or "reviews" in again:
                return at
        latest = max(latest, order)
    return None
