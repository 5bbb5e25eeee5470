"""What a document holds of the form: its cells as landed, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from gouji.landing.grid import Cell

UNREADABLE = "?"


class CellRead(NamedTuple):
    """A cell of the form as landed: its text, where it stood, and why it is marked, if it is.

    `row` says where its row stands, `number` which cell of it the cell is, 0 for the whole row.
    """

    printed: str
    row: str
    number: int = 0
    mark: str = ""

    @property
    def place(self) -> str:
        """Where the cell stood, for people."""
        return f"{self.row}, cell {self.number}" if self.number else self.row


_CELL_READ = partial(tuple.__new__, CellRead)  # as quick as a tuple


def cells_read(cells: Sequence[Cell], row: str) -> list[CellRead]:
    """The cells of a row, each as it is printed."""
    texts, _, _, _, numbers, _ = zip(*cells, strict=True)
    return list(map(_CELL_READ, zip(texts, repeat(row), numbers, repeat(""), strict=False)))


def marked(row: str, reason: str) -> CellRead:
    """A cell that cannot be read with certainty."""
    return CellRead(UNREADABLE, row, 0, reason)


def one_of(had: CellRead | None, now: CellRead) -> CellRead:
    """One of two readings of the same cell: the first if they agree, else a mark."""
    if had is None or (had.mark and not now.mark and not had.row):
        return now
    if had.mark or had.printed == now.printed:
        return had
    return marked(had.row, f"the line stands in the document twice, here and at {now.place}")


@dataclass(slots=True)
class Reading:
    """What a document holds of the form."""

    layout: str = ""
    disclosures: dict[tuple[str, str], CellRead] = field(default_factory=dict)
    requests: dict[str, list[CellRead]] = field(default_factory=dict)
    reviews: dict[str, list[CellRead]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def cells(self) -> Iterable[tuple[str, str, str, CellRead]]:
        """Every landed cell: form table, line, number of its column as a text, and the cell."""
        for (line, measure), cell in self.disclosures.items():
            yield "disclosures", line, measure, cell
        for line, cells in self.requests.items():
            for order, cell in enumerate(cells):
                yield "requests", line, str(order), cell
        for channel, cells in self.reviews.items():
            for order, cell in enumerate(cells):
                yield "reviews", channel, str(order), cell

    def _rows(self) -> list[Collection[CellRead]]:
        return [*self.requests.values(), *self.reviews.values(), self.disclosures.values()]

    def marked(self) -> int:
        """How many cells are marked."""
        return sum([len([1 for cell in row if cell.mark]) for row in self._rows()])

    def held(self) -> int:
        """How many cells are landed, the marked ones among them."""
        return sum(map(len, self._rows()))

    def read(self) -> int:
        """How many cells are read."""
        return self.held() - self.marked()
