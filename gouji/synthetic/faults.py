"""The kinds of slips that are planted, as seen in real reports.

Each kind is a function of a report's page, the page of the year before and a source of chance. It
gives the changes of one such slip, or none where the kind does not apply: every change is of a
cell that holds a number, and really changes its text.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import NamedTuple, TypeVar

from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS
from gouji.synthetic.numbers import plain, read_number

TYPES = APPLICANT_COLUMNS[:-1]
RESULTS = RESULT_COLUMNS[:-1]
TOTAL = "total"
# Columns of table 二 that only a roll-up can check, or nothing at all.
HARDLY_CHECKED = frozenset({"decisions", "published", "public_total", "projects", "amount"})
NOT_OUTCOMES = frozenset({"new_requests", "carried_in", "total_processed", "carried_out"})


class Cell(NamedTuple):
    """A cell of a form, by its codes."""

    form_table: str
    line_code: str
    column_code: str


class Change(NamedTuple):
    """What a fault does to one cell."""

    cell: Cell
    before: str
    after: str


@dataclass(frozen=True)
class Page:
    """The printed cells of one report, in the order of the form; None where a cell is blank."""

    layout: str
    cells: dict[Cell, str | None]

    def digits(self, cell: Cell) -> str | None:
        """The text of a cell that holds digits and nothing else."""
        printed = self.cells.get(cell)
        return printed if printed is not None and printed.isdecimal() else None

    def number(self, cell: Cell) -> int:
        """The number of a cell that holds digits and nothing else, otherwise 0."""
        return int(self.digits(cell) or 0)

    def plain_cells(self) -> list[Cell]:
        """The cells that hold digits and nothing else."""
        return [cell for cell in self.cells if self.digits(cell)]

    def lines(self, form_table: str) -> list[str]:
        """The lines of a table that are printed, in the order of the form."""
        return list(dict.fromkeys(c.line_code for c in self.cells if c.form_table == form_table))

    def outcomes(self) -> list[str]:
        """The printed outcome lines of table 三."""
        return [line for line in self.lines("requests") if line not in NOT_OUTCOMES]

    def change(self, cell: Cell, after: str | int) -> Change | None:
        """The change of a cell with digits to another text, if it is one."""
        before = self.digits(cell)
        return Change(cell, before, str(after)) if before and before != str(after) else None


T = TypeVar("T")

Changes = list[Change]
Kind = Callable[[Page, Page | None, Random], Changes]


def _first(changes: Iterable[Change | None]) -> Changes:
    return next(([change] for change in changes if change), [])


def _shuffled(items: Iterable[T], rng: Random) -> list[T]:
    shuffled = list(items)
    rng.shuffle(shuffled)
    return shuffled


def _drawn(cells: Iterable[Cell], rng: Random) -> list[Cell]:
    """Put cells in an order of chance; three times of four, those that checks reach come first.

    Decisions and amounts have the most digits: without this, most faults of digits were there.
    """
    drawn = _shuffled(cells, rng)
    if rng.random() < 0.75:
        drawn.sort(key=lambda cell: cell.column_code in HARDLY_CHECKED)
    return drawn


def _all_or_none(changes: Iterable[Change | None]) -> Changes:
    """Give the changes of a pattern, or none if one of its cells cannot be changed."""
    found = list(changes)
    return [change for change in found if change] if all(found) else []


def _edited(page: Page, rng: Random, edit: Callable[[str, Random], str | None]) -> Changes:
    """Edit the digits of one cell that holds more than a zero."""

    def attempts() -> Iterator[Change | None]:
        for cell in _drawn(page.plain_cells(), rng):
            digits = page.digits(cell)
            if digits and int(digits):
                after = edit(digits, rng)
                yield page.change(cell, after) if after else None

    return _first(attempts())


# Single cells


def sign_lost(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A decrease is printed without its sign."""

    def attempts() -> Iterator[Change | None]:
        for cell in _shuffled(page.cells, rng):
            printed = page.cells[cell]
            if cell.column_code == "change" and printed:
                value = read_number(printed).value
                if value is not None and value < 0:
                    yield Change(cell, printed, plain(-value))

    return _first(attempts())


def digits_transposed(page: Page, _last: Page | None, rng: Random) -> Changes:
    """Two neighbouring digits change places."""

    def edit(digits: str, rng: Random) -> str | None:
        for i in _shuffled(range(len(digits) - 1), rng):
            after = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            if after != digits and not after.startswith("0"):
                return after
        return None

    return _edited(page, rng, edit)


def digit_too_many(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A digit is put in; not a 0 at the end, which is a factor of ten."""

    def edit(digits: str, rng: Random) -> str:
        place = rng.randint(0, len(digits))
        digit = rng.choice("123456789")
        return digits[:place] + digit + digits[place:]

    return _edited(page, rng, edit)


def digit_too_few(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A digit is left out; not a 0 at the end, which is a factor of ten."""

    def edit(digits: str, rng: Random) -> str | None:
        for i in _shuffled(range(len(digits)), rng):
            after = digits[:i] + digits[i + 1 :]
            if after and not after.startswith("0") and int(after) * 10 != int(digits):
                return after
        return None

    return _edited(page, rng, edit)


def factor_ten(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A number is ten times too large, or too small."""

    def edit(digits: str, rng: Random) -> str:
        if digits.endswith("0") and rng.random() < 0.5:
            return digits[:-1]
        return digits + "0"

    return _edited(page, rng, edit)


def factor_ten_thousand(page: Page, _last: Page | None, rng: Random) -> Changes:
    """An amount is printed in yuan where 10,000 yuan are meant, or the other way round."""

    def attempts() -> Iterator[Change | None]:
        for cell in _shuffled(page.cells, rng):
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

    return _first(attempts())


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


def total_left_zero(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A total is left 0 over parts that are not."""
    return _first(page.change(total, 0) for total, _parts in _shuffled(_totals(page), rng))


def neighbouring_column(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A cell prints what belongs in the column beside it."""
    pairs = [
        (Cell(form_table, line, column), Cell(form_table, line, beside))
        for form_table, columns in (("requests", TYPES), ("reviews", RESULTS))
        for line in page.lines(form_table)
        for left, right in pairwise(columns)
        for column, beside in ((left, right), (right, left))
    ]
    return _first(
        page.change(cell, page.number(beside))
        for cell, beside in _shuffled(pairs, rng)
        if page.number(beside)
    )


def kept_from_last_year(page: Page, last: Page | None, rng: Random) -> Changes:
    """A cell still prints last year's number."""
    if last is None or last.layout != page.layout:
        return []
    return _first(
        page.change(cell, last.number(cell))
        for cell in _drawn(page.plain_cells(), rng)
        if last.number(cell)
    )


def off_by_one(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A count is one too high or one too low."""
    cells = _drawn(page.plain_cells(), rng)
    # Most cells are 0: half of these faults are in the others.
    if rng.random() < 0.5:
        cells.sort(key=lambda cell: page.number(cell) == 0)
    return _first(
        page.change(cell, page.number(cell) + (rng.choice((-1, 1)) if page.number(cell) else 1))
        for cell in cells
        if cell.column_code != "amount"
    )


# Patterns over several cells


def cells_exchanged(page: Page, _last: Page | None, rng: Random) -> Changes:
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
    for one, other in _shuffled(pairs, rng):
        changes = _all_or_none(
            (
                page.change(one, page.digits(other) or ""),
                page.change(other, page.digits(one) or ""),
            )
        )
        if changes and page.digits(one) and page.digits(other):
            return changes
    return []


def total_one_row_too_low(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A row's total stands in the row below, which has none; its own is left 0."""
    for above, below in _shuffled(pairwise(page.lines("requests")), rng):
        upper, lower = Cell("requests", above, TOTAL), Cell("requests", below, TOTAL)
        if page.number(upper) and page.digits(lower) == "0":
            return _all_or_none((page.change(upper, 0), page.change(lower, page.number(upper))))
    return []


def part_left_out(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A total adds up its parts but one."""

    def attempts() -> Iterator[Change | None]:
        for total, parts in _shuffled(_totals(page), rng):
            counted = [part for part in parts if 0 < page.number(part) < page.number(total)]
            if counted:
                yield page.change(total, page.number(total) - page.number(rng.choice(counted)))

    return _first(attempts())


def all_under_one_column(page: Page, _last: Page | None, rng: Random) -> Changes:
    """The whole row stands under natural persons, though others asked too."""
    for line in _shuffled(page.lines("requests"), rng):
        cells = [Cell("requests", line, column) for column in TYPES]
        others = [cell for cell in cells[1:] if page.number(cell)]
        if others and page.digits(cells[0]):
            everything = sum(page.number(cell) for cell in cells)
            return _all_or_none(
                (page.change(cells[0], everything), *(page.change(cell, 0) for cell in others))
            )
    return []


def total_column_left_zero(page: Page, _last: Page | None, _rng: Random) -> Changes:
    """Every row total of table 三 is left 0."""
    totals = [Cell("requests", line, TOTAL) for line in page.lines("requests")]
    changes = [change for total in totals if (change := page.change(total, 0))]
    return changes if len(changes) > 1 else []


def total_column_kept(page: Page, last: Page | None, _rng: Random) -> Changes:
    """The row totals of table 三 are still last year's."""
    if last is None or last.layout != page.layout:
        return []
    totals = [Cell("requests", line, TOTAL) for line in page.lines("requests")]
    if any(not page.digits(total) or not last.digits(total) for total in totals):
        return []
    changes = [change for total in totals if (change := page.change(total, last.number(total)))]
    return changes if len(changes) > 1 and any(last.number(total) for total in totals) else []


def counted_twice(page: Page, _last: Page | None, rng: Random) -> Changes:
    """A request that was answered is counted among those carried over too."""
    for column in _shuffled(TYPES, rng):
        if page.number(Cell("requests", "total_processed", column)):
            cells = [Cell("requests", "carried_out", c) for c in (column, TOTAL)]
            return _all_or_none(page.change(cell, page.number(cell) + 1) for cell in cells)
    return []


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
KINDS = SINGLE_CELL_KINDS | PATTERN_KINDS
