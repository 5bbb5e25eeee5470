"""The kinds of slips in a cell or a few, as seen in real reports.

Each kind is a function of a report's page, the pages nearby and a source of chance. It gives the
changes of one such slip, or none where the kind does not apply: every change is of a cell that
holds a number, and really changes its text.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from random import Random

from gouji.raw_tables import APPLICANT_COLUMNS
from gouji.synthetic.numbers import plain, read_number
from gouji.synthetic.page import (
    RESULTS,
    TOTAL,
    TYPES,
    Cell,
    Change,
    Changes,
    Kind,
    Nearby,
    Page,
    all_or_none,
    first,
    shuffled,
)

# Columns of table 二 that only a roll-up can check, or nothing at all.
HARDLY_CHECKED = frozenset({"decisions", "published", "public_total", "projects", "amount"})


def _drawn(cells: Iterable[Cell], rng: Random) -> list[Cell]:
    """Put cells in an order of chance; three times of four, those that checks reach come first.

    Decisions and amounts have the most digits: without this, most faults of digits were there.
    """
    drawn = shuffled(cells, rng)
    if rng.random() < 0.75:
        drawn.sort(key=lambda cell: cell.column_code in HARDLY_CHECKED)
    return drawn


def _edited(page: Page, rng: Random, edit: Callable[[str, Random], str | None]) -> Changes:
    """Edit the digits of one cell that holds more than a zero."""

    def attempts() -> Iterator[Change | None]:
        for cell in _drawn(page.plain_cells(), rng):
            digits = page.digits(cell)
            if digits and int(digits):
                after = edit(digits, rng)
                yield page.change(cell, after) if after else None

    return first(attempts())


# Single cells


def sign_lost(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A decrease is printed without its sign."""

    def attempts() -> Iterator[Change | None]:
        for cell in shuffled(page.cells, rng):
            printed = page.cells[cell]
            if cell.column_code == "change" and printed:
                value = read_number(printed).value
                if value is not None and value < 0:
                    yield Change(cell, printed, plain(-value))

    return first(attempts())


def digits_transposed(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Two neighbouring digits change places."""

    def edit(digits: str, rng: Random) -> str | None:
        for i in shuffled(range(len(digits) - 1), rng):
            after = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            if after != digits and not after.startswith("0"):
                return after
        return None

    return _edited(page, rng, edit)


def digit_too_many(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A digit is put in; not a 0 at the end, which is a factor of ten."""

    def edit(digits: str, rng: Random) -> str:
        place = rng.randint(0, len(digits))
        digit = rng.choice("123456789")
        return digits[:place] + digit + digits[place:]

    return _edited(page, rng, edit)


def digit_too_few(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A digit is left out; not a 0 at the end, which is a factor of ten."""

    def edit(digits: str, rng: Random) -> str | None:
        for i in shuffled(range(len(digits)), rng):
            after = digits[:i] + digits[i + 1 :]
            if after and not after.startswith("0") and int(after) * 10 != int(digits):
                return after
        return None

    return _edited(page, rng, edit)


def factor_ten(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A number is ten times too large, or too small."""

    def edit(digits: str, rng: Random) -> str:
        if digits.endswith("0") and rng.random() < 0.5:
            return digits[:-1]
        return digits + "0"

    return _edited(page, rng, edit)


def factor_ten_thousand(page: Page, _near: Nearby, rng: Random) -> Changes:
    """An amount is printed in yuan where 10,000 yuan are meant, or the other way round."""

    def attempts() -> Iterator[Change | None]:
        for cell in shuffled(page.cells, rng):
            printed = page.cells[cell]
            if cell.column_code != "amount" or not printed or not read_number(printed).value:
                continue
            if printed.endswith("万元"):
                yield Change(cell, printed, printed.removesuffix("万元") + "元")
            elif printed.endswith("元"):
                yield Change(cell, printed, printed.removesuffix("元") + "万元")
            elif page.layout == "2021":
                yield Change(cell, printed, plain(Decimal(printed) * 10_000))
            else:
                yield Change(cell, printed, plain(Decimal(printed) / 10_000))

    return first(attempts())


def _totals(page: Page) -> list[tuple[Cell, list[Cell]]]:
    """Each printed total of tables 三 and 四 with the cells that it adds up."""
    rows = [
        (
            Cell("requests", line, TOTAL),
            [Cell("requests", line, column) for column in TYPES],
        )
        for line in page.lines("requests")
    ]
    columns = [
        (
            Cell("requests", "total_processed", column),
            [Cell("requests", line, column) for line in page.outcomes()],
        )
        for column in APPLICANT_COLUMNS
    ]
    reviews = [
        (
            Cell("reviews", channel, TOTAL),
            [Cell("reviews", channel, result) for result in RESULTS],
        )
        for channel in page.lines("reviews")
    ]
    return [*rows, *columns, *reviews]


def total_left_zero(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A total is left 0 over parts that are not."""
    return first(page.change(total, 0) for total, _parts in shuffled(_totals(page), rng))


def neighbouring_column(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A cell prints what belongs in the column beside it."""
    pairs = [
        (Cell(form_table, line, column), Cell(form_table, line, beside))
        for form_table, columns in (("requests", TYPES), ("reviews", RESULTS))
        for line in page.lines(form_table)
        for left, right in pairwise(columns)
        for column, beside in ((left, right), (right, left))
    ]
    return first(
        page.change(cell, page.number(beside))
        for cell, beside in shuffled(pairs, rng)
        if page.number(beside)
    )


def kept_from_last_year(page: Page, near: Nearby, rng: Random) -> Changes:
    """A cell still prints last year's number."""
    last = near.last_year
    if last is None:
        return []
    return first(
        page.change(cell, last.number(cell))
        for cell in _drawn(page.plain_cells(), rng)
        if last.number(cell)
    )


def off_by_one(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A count is one too high or one too low."""
    cells = _drawn(page.plain_cells(), rng)
    # Most cells are 0: half of these faults are in the others.
    if rng.random() < 0.5:
        cells.sort(key=lambda cell: page.number(cell) == 0)
    return first(
        page.change(cell, page.number(cell) + (rng.choice((-1, 1)) if page.number(cell) else 1))
        for cell in cells
        if cell.column_code != "amount"
    )


# Patterns over several cells


def cells_exchanged(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Two neighbouring cells, of a row or of a column, change places."""
    requests = page.lines("requests")
    pairs = [
        *(
            (Cell(form_table, line, left), Cell(form_table, line, right))
            for form_table, columns in (("requests", TYPES), ("reviews", RESULTS))
            for line in page.lines(form_table)
            for left, right in pairwise(columns)
        ),
        *(
            (Cell("requests", above, column), Cell("requests", below, column))
            for above, below in pairwise(requests)
            for column in TYPES
        ),
        *(
            (Cell("disclosures", line, "made"), Cell("disclosures", line, "repealed"))
            for line in page.lines("disclosures")
        ),
    ]
    for one, other in shuffled(pairs, rng):
        changes = all_or_none(
            (
                page.change(one, page.digits(other) or ""),
                page.change(other, page.digits(one) or ""),
            )
        )
        if changes and page.digits(one) and page.digits(other):
            return changes
    return []


def total_one_row_too_low(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A row's total stands in the row below, which has none; its own is left 0."""
    for above, below in shuffled(pairwise(page.lines("requests")), rng):
        upper, lower = Cell("requests", above, TOTAL), Cell("requests", below, TOTAL)
        if page.number(upper) and page.digits(lower) == "0":
            return all_or_none((page.change(upper, 0), page.change(lower, page.number(upper))))
    return []


def part_left_out(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A total adds up its parts but one."""

    def attempts() -> Iterator[Change | None]:
        for total, parts in shuffled(_totals(page), rng):
            counted = [part for part in parts if 0 < page.number(part) < page.number(total)]
            if counted:
                yield page.change(total, page.number(total) - page.number(rng.choice(counted)))

    return first(attempts())


def all_under_one_column(page: Page, _near: Nearby, rng: Random) -> Changes:
    """The whole row stands under natural persons, though others asked too."""
    for line in shuffled(page.lines("requests"), rng):
        cells = [Cell("requests", line, column) for column in TYPES]
        others = [cell for cell in cells[1:] if page.number(cell)]
        if others and page.digits(cells[0]):
            everything = sum(page.number(cell) for cell in cells)
            return all_or_none(
                (page.change(cells[0], everything), *(page.change(cell, 0) for cell in others))
            )
    return []


def total_column_left_zero(page: Page, _near: Nearby, _rng: Random) -> Changes:
    """Every row total of table 三 is left 0."""
    totals = [Cell("requests", line, TOTAL) for line in page.lines("requests")]
    changes = [change for total in totals if (change := page.change(total, 0))]
    return changes if len(changes) > 1 else []


def total_column_kept(page: Page, near: Nearby, _rng: Random) -> Changes:
    """The row totals of table 三 are still last year's."""
    last = near.last_year
    if last is None:
        return []
    totals = [Cell("requests", line, TOTAL) for line in page.lines("requests")]
    if any(not page.digits(total) or not last.digits(total) for total in totals):
        return []
    changes = [change for total in totals if (change := page.change(total, last.number(total)))]
    return changes if len(changes) > 1 and any(last.number(total) for total in totals) else []


def counted_twice(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A request that was answered is counted among those carried over too."""
    for column in shuffled(TYPES, rng):
        if page.number(Cell("requests", "total_processed", column)):
            cells = [Cell("requests", "carried_out", c) for c in (column, TOTAL)]
            return all_or_none(page.change(cell, page.number(cell) + 1) for cell in cells)
    return []


def prose_differs(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A figure of the prose is not the table's: of another draft, or miscounted."""
    stated = [cell for cell in page.plain_cells() if cell.form_table == "narrative"]
    return first(
        page.change(
            cell, page.number(cell) + rng.choice((-1, 1)) * rng.randint(1, page.number(cell))
        )
        for cell in shuffled(stated, rng)
        if page.number(cell)
    )


SINGLE_CELL_KINDS: dict[str, Kind] = {
    "sign_lost": sign_lost,
    "digits_transposed": digits_transposed,
    "digit_too_many": digit_too_many,
    "digit_too_few": digit_too_few,
    "factor_ten": factor_ten,
    "factor_ten_thousand": factor_ten_thousand,
    "total_left_zero": total_left_zero,
    "neighbouring_column": neighbouring_column,
    "kept_from_last_year": kept_from_last_year,
    "off_by_one": off_by_one,
    "prose_differs": prose_differs,
}
PATTERN_KINDS: dict[str, Kind] = {
    "cells_exchanged": cells_exchanged,
    "total_one_row_too_low": total_one_row_too_low,
    "part_left_out": part_left_out,
    "all_under_one_column": all_under_one_column,
    "total_column_left_zero": total_column_left_zero,
    "total_column_kept": total_column_kept,
    "counted_twice": counted_twice,
}
