"""A report's page as faults see it: its printed cells, and what a slip changes of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, TypeVar

from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS

TYPES = APPLICANT_COLUMNS[:-1]
RESULTS = RESULT_COLUMNS[:-1]
TOTAL = "total"
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

    def row(self, line: str) -> list[Cell]:
        """The cells of a line of table 三, the total last."""
        return [Cell("requests", line, column) for column in APPLICANT_COLUMNS]

    def requests(self) -> list[list[Cell]]:
        """The rows of table 三; none where one of its cells holds no plain number."""
        rows = [self.row(line) for line in self.lines("requests")]
        return rows if all(self.digits(cell) for row in rows for cell in row) else []

    def change(self, cell: Cell, after: str | int) -> Change | None:
        """The change of a cell with digits to another text, if it is one."""
        before = self.digits(cell)
        return Change(cell, before, str(after)) if before and before != str(after) else None


class Nearby(NamedTuple):
    """Pages that a clerk may have taken numbers from, in the same layout; None where none is."""

    last_year: Page | None
    other_body: Page | None


T = TypeVar("T")

Changes = list[Change]
Kind = Callable[[Page, Nearby, Random], Changes]


def first(changes: Iterable[Change | None]) -> Changes:
    """Give the first change that is one."""
    return next(([change] for change in changes if change), [])


def shuffled(items: Iterable[T], rng: Random) -> list[T]:
    """Put items in an order of chance."""
    drawn = list(items)
    rng.shuffle(drawn)
    return drawn


def all_or_none(changes: Iterable[Change | None]) -> Changes:
    """Give the changes of a pattern, or none if one of its cells cannot be changed."""
    found = list(changes)
    return [change for change in found if change] if all(found) else []


def rewritten(page: Page, after: Iterable[tuple[Cell, str | int]]) -> Changes:
    """Give the changes of cells written anew; those that stay as they were are left out."""
    return [change for cell, text in after if (change := page.change(cell, text))]
