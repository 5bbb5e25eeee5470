"""The kinds of slips that go through the whole of table 三: moved, copied, added up.

As in `faults.py`. The table is left alone where one of its cells holds no plain number.
"""

from itertools import pairwise
from random import Random

from gouji.synthetic.page import TYPES, Cell, Changes, Kind, Nearby, Page, rewritten, shuffled


def _shifted(texts: list[str], by: int) -> list[str]:
    """Move texts a place on (1) or back (-1); the place that is left behind holds 0."""
    return ["0", *texts[:-1]] if by > 0 else [*texts[1:], "0"]


def _texts(page: Page, cells: list[Cell]) -> list[str]:
    return [page.digits(cell) or "" for cell in cells]


def columns_shifted(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Every row stands a column too far right or left, with its total or without."""
    by, width = rng.choice((1, -1)), rng.choice((len(TYPES), len(TYPES) + 1))
    rows = [row[:width] for row in page.requests()]
    return rewritten(
        page,
        (pair for row in rows for pair in zip(row, _shifted(_texts(page, row), by), strict=True)),
    )


def rows_shifted(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Every row stands a line too low or too high."""
    by = rng.choice((1, -1))
    columns = [list(column) for column in zip(*page.requests(), strict=True)]
    return rewritten(
        page,
        (
            pair
            for column in columns
            for pair in zip(column, _shifted(_texts(page, column), by), strict=True)
        ),
    )


def columns_exchanged(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Two kinds of applicants stand in each other's column."""
    rows = page.requests()
    for left, right in shuffled(pairwise(range(len(TYPES))), rng):
        changes = rewritten(
            page,
            (
                pair
                for row in rows
                for pair in (
                    (row[left], page.digits(row[right]) or ""),
                    (row[right], page.digits(row[left]) or ""),
                )
            ),
        )
        if changes:
            return changes
    return []


def rows_exchanged(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Two neighbouring rows stand in each other's line."""
    for above, below in shuffled(pairwise(page.requests()), rng):
        changes = rewritten(
            page,
            [
                *zip(above, _texts(page, below), strict=True),
                *zip(below, _texts(page, above), strict=True),
            ],
        )
        if changes:
            return changes
    return []


def table_copied(page: Page, source: Page | None) -> Changes:
    """Write the table of another page over that of a page."""
    if source is None or not page.requests() or not source.requests():
        return []
    if page.lines("requests") != source.lines("requests"):
        return []
    return rewritten(
        page, ((cell, source.digits(cell) or "") for row in source.requests() for cell in row)
    )


def table_of_last_year(page: Page, near: Nearby, _rng: Random) -> Changes:
    """The table is last year's."""
    return table_copied(page, near.last_year)


def cumulative(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Every number goes on from last year's."""
    last = near.last_year
    if last is None:
        return []
    return rewritten(
        page,
        ((cell, page.number(cell) + last.number(cell)) for row in page.requests() for cell in row),
    )


def part_left_zero(page: Page, _near: Nearby, rng: Random) -> Changes:
    """One part of the totals is left 0."""
    for row in shuffled(page.requests(), rng):
        for cell in shuffled(row[:-1], rng):
            if changes := rewritten(page, [(cell, 0)]):
                return changes
    return []


def part_column_left_zero(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A kind of applicants is left 0 in every row."""
    columns = [list(column) for column in zip(*page.requests(), strict=True)]
    for column in shuffled(columns[:-1], rng):
        if len(changes := rewritten(page, ((cell, 0) for cell in column))) > 1:
            return changes
    return []


TABLE_KINDS: dict[str, Kind] = {
    "columns_shifted": columns_shifted,
    "rows_shifted": rows_shifted,
    "columns_exchanged": columns_exchanged,
    "rows_exchanged": rows_exchanged,
    "table_of_last_year": table_of_last_year,
    "cumulative": cumulative,
    "part_left_zero": part_left_zero,
    "part_column_left_zero": part_column_left_zero,
}
