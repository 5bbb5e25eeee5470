"""Kinds of slips that no explanation knows: what is made of them is measured, never tuned.

As in `faults.py`. No pattern and no weight of an explanation may be drawn from these: they stand
for the slips that nobody has thought of, where the warehouse has to say that it does not know.
"""

from itertools import pairwise
from random import Random

from gouji.synthetic.page import (
    RESULTS,
    TYPES,
    Cell,
    Changes,
    Kind,
    Nearby,
    Page,
    all_or_none,
    first,
    rewritten,
    shuffled,
)
from gouji.synthetic.table_faults import table_copied

MISREAD = {"1": "7", "7": "1", "3": "8", "8": "3", "0": "6", "6": "0", "5": "6"}


def digit_misread(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A digit is read as one that looks like it."""
    for cell in shuffled(page.plain_cells(), rng):
        digits = page.digits(cell) or ""
        for i in shuffled(range(len(digits)), rng):
            if digits[i] in MISREAD and int(digits):
                after = digits[:i] + MISREAD[digits[i]] + digits[i + 1 :]
                if len(after) == 1 or not after.startswith("0"):
                    return first([page.change(cell, after)])
    return []


def row_shifted(page: Page, _near: Nearby, rng: Random) -> Changes:
    """One row stands a column too far right."""
    for row in shuffled(page.requests(), rng):
        texts = ["0", *(page.digits(cell) or "" for cell in row[:-1])]
        if changes := rewritten(page, zip(row, texts, strict=True)):
            return changes
    return []


def rows_shifted_below(page: Page, _near: Nearby, rng: Random) -> Changes:
    """From some line on every row stands a line too low, and that line prints the row above."""
    rows = page.requests()
    if not rows:
        return []
    start = rng.randrange(1, len(rows) - 1)
    return rewritten(
        page,
        (
            (cell, page.digits(above) or "")
            for upper, lower in pairwise(rows[start - 1 :])
            for above, cell in zip(upper, lower, strict=True)
        ),
    )


def row_repeated(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A row prints the row above it once more."""
    for above, below in shuffled(pairwise(page.requests()), rng):
        texts = (page.digits(cell) or "" for cell in above)
        if changes := rewritten(page, zip(below, texts, strict=True)):
            return changes
    return []


def row_of_last_year(page: Page, near: Nearby, rng: Random) -> Changes:
    """A row is last year's."""
    last = near.last_year
    if last is None or not page.requests():
        return []
    for row in shuffled(last.requests(), rng):
        if changes := rewritten(page, ((cell, last.digits(cell) or "") for cell in row)):
            return changes
    return []


def row_doubled(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Every number of a row is counted twice."""
    for row in shuffled(page.requests(), rng):
        if changes := rewritten(page, ((cell, 2 * page.number(cell)) for cell in row)):
            return changes
    return []


def outcomes_doubled(page: Page, _near: Nearby, _rng: Random) -> Changes:
    """What was done with the requests is counted twice, what came in once."""
    rows = page.requests()[2:]
    return rewritten(page, ((cell, 2 * page.number(cell)) for row in rows for cell in row))


def cell_put_below(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A number is put into the row below, over what stood there."""
    pairs = [
        (one, other)
        for above, below in pairwise(page.requests())
        for one, other in zip(above[:-1], below[:-1], strict=True)
    ]
    for one, other in shuffled(pairs, rng):
        if page.number(one):
            changes = rewritten(page, [(one, 0), (other, page.number(one))])
            if changes:
                return changes
    return []


def cell_added_below(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A number is added to the row below, in the row's total too."""
    for above, below in shuffled(pairwise(page.requests()), rng):
        place = rng.randrange(len(TYPES))
        moved = page.number(above[place])
        if moved:
            return rewritten(
                page,
                [
                    *((above[i], page.number(above[i]) - moved) for i in (place, -1)),
                    *((below[i], page.number(below[i]) + moved) for i in (place, -1)),
                ],
            )
    return []


def carried_out_counted_in(page: Page, _near: Nearby, _rng: Random) -> Changes:
    """（七）总计 takes in what was carried over."""
    total, carried_out = page.row("total_processed"), page.row("carried_out")
    if not page.requests():
        return []
    return rewritten(
        page,
        (
            (cell, page.number(cell) + page.number(other))
            for cell, other in zip(total, carried_out, strict=True)
        ),
    )


def total_of_another_row(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A row's total is that of some other row."""
    totals = [row[-1] for row in page.requests()]
    for cell in shuffled(totals, rng):
        for other in shuffled(totals, rng):
            if page.number(other) and (change := page.change(cell, page.number(other))):
                return [change]
    return []


def row_left_zero(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A row is left 0."""
    for row in shuffled(page.requests(), rng):
        if changes := rewritten(page, ((cell, 0) for cell in row)):
            return changes
    return []


def two_slips(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Two cells of the table, far from each other, are wrong."""
    cells = [cell for row in page.requests() for cell in row if page.number(cell) > 1]
    if len(cells) < 2:
        return []
    return all_or_none(
        page.change(cell, page.number(cell) + rng.choice((-1, 1)) * rng.randint(1, 9))
        for cell in rng.sample(cells, 2)
        if page.number(cell) >= 10
    )


def row_reversed(page: Page, _near: Nearby, rng: Random) -> Changes:
    """The kinds of applicants of a row stand in the opposite order."""
    for row in shuffled(page.requests(), rng):
        texts = [page.digits(cell) or "" for cell in reversed(row[:-1])]
        if changes := rewritten(page, zip(row[:-1], texts, strict=True)):
            return changes
    return []


def columns_merged(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A kind of applicants is counted with its neighbour throughout."""
    rows = page.requests()
    for left, right in shuffled(pairwise(range(len(TYPES))), rng):
        changes = rewritten(
            page,
            (
                pair
                for row in rows
                for pair in (
                    (row[left], page.number(row[left]) + page.number(row[right])),
                    (row[right], 0),
                )
            ),
        )
        if changes:
            return changes
    return []


def parts_of_a_row_left_zero(page: Page, _near: Nearby, rng: Random) -> Changes:
    """The types of one outcome are left 0, the row's total is not."""
    for line in shuffled(page.outcomes(), rng):
        if page.requests() and (
            changes := rewritten(page, ((cell, 0) for cell in page.row(line)[:-1]))
        ):
            return changes
    return []


def channel_repeated(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A row of table 四 prints the row above it, but for its total."""
    for above, below in shuffled(pairwise(page.lines("reviews")), rng):
        changes = rewritten(
            page,
            (
                (Cell("reviews", below, column), page.number(Cell("reviews", above, column)))
                for column in RESULTS
            ),
        )
        if changes:
            return changes
    return []


def stock_of_last_year(page: Page, near: Nearby, rng: Random) -> Changes:
    """A line of table 二 is last year's, whatever was made and repealed since."""
    last = near.last_year
    if last is None:
        return []
    for line in shuffled(page.lines("disclosures"), rng):
        cells = [cell for cell in page.cells if cell[:2] == ("disclosures", line)]
        changes = rewritten(
            page, ((cell, last.digits(cell) or "") for cell in cells if last.digits(cell))
        )
        if changes:
            return changes
    return []


def table_of_another_body(page: Page, near: Nearby, _rng: Random) -> Changes:
    """The table is another body's of the same year."""
    return table_copied(page, near.other_body)


UNTUNED_KINDS: dict[str, Kind] = {
    "digit_misread": digit_misread,
    "row_shifted": row_shifted,
    "rows_shifted_below": rows_shifted_below,
    "row_repeated": row_repeated,
    "row_of_last_year": row_of_last_year,
    "row_doubled": row_doubled,
    "outcomes_doubled": outcomes_doubled,
    "cell_put_below": cell_put_below,
    "cell_added_below": cell_added_below,
    "carried_out_counted_in": carried_out_counted_in,
    "total_of_another_row": total_of_another_row,
    "row_left_zero": row_left_zero,
    "two_slips": two_slips,
    "row_reversed": row_reversed,
    "columns_merged": columns_merged,
    "parts_of_a_row_left_zero": parts_of_a_row_left_zero,
    "channel_repeated": channel_repeated,
    "stock_of_last_year": stock_of_last_year,
    "table_of_another_body": table_of_another_body,
}
