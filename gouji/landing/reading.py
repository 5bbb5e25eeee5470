"""What a document holds of the form: its cells as landed, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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


@dataclass(slots=True)
class LineRead:
    """A line of table 三 or 四 as landed, column by column: most are never looked at by cell."""

    printed: tuple[str, ...]
    rows: tuple[str, ...]
    numbers: tuple[int, ...]
    marks: tuple[str, ...]

    @classmethod
    def of(cls, cells: Iterable[CellRead]) -> LineRead:
        """A line of its cells."""
        return cls(*zip(*cells, strict=True))

    def doubted(self, reasons: tuple[str, ...]) -> LineRead:
        """The same line with the cells marked for which there is a reason."""
        return LineRead.of(
            marked(cell.row, reason, cell.number) if reason else cell
            for cell, reason in zip(self, reasons, strict=True)
        )

    def __iter__(self) -> Iterator[CellRead]:
        return map(CellRead, self.printed, self.rows, self.numbers, self.marks)

    def __len__(self) -> int:
        return len(self.printed)


def line_read(texts: tuple[str, ...], row: str, numbers: tuple[int, ...]) -> LineRead:
    """A line of cells that stand in one row, each as it is printed."""
    count = len(texts)
    return LineRead(texts, (row,) * count, numbers, ("",) * count)


def marked(row: str, reason: str, number: int = 0) -> CellRead:
    """A cell that cannot be read with certainty; without a number, with its whole row."""
    return CellRead(UNREADABLE, row, number, str(reason))


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
    requests: dict[str, LineRead] = field(default_factory=dict)
    reviews: dict[str, LineRead] = field(default_factory=dict)
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

    def say(self, note: str) -> None:
        """Add a remark, once."""
        if note not in self.notes:
            self.notes.append(note)

    def say_read_as(self, place: str, text: str, label: str) -> None:
        """Add the remark that a text is read as a label that it nearly is."""
        self.notes.append(f"{place}: “{text[:30]}” is read as {label}")

    def lines(self) -> Iterable[LineRead]:
        """The lines of tables 三 and 四."""
        return (*self.requests.values(), *self.reviews.values())

    def marked(self) -> int:
        """How many cells are marked."""
        marks = [len(line.marks) - line.marks.count("") for line in self.lines()]
        marks += [bool(cell.mark) for cell in self.disclosures.values()]
        return sum(marks)

    def held(self) -> int:
        """How many cells are landed, the marked ones among them."""
        return len(self.disclosures) + sum([len(line.printed) for line in self.lines()])

    def printed_besides(self, is_value: Callable[[str], bool]) -> list[CellRead]:
        """The cells that are landed as printed, and whose text says no value: `?`, 待定."""
        texts = {cell.printed for cell in self.disclosures.values()}
        texts.update(*[line.printed for line in self.lines()])
        others = {text for text in texts if text and not is_value(text)}
        if not others:
            return []
        lines = [line for line in self.lines() if not others.isdisjoint(line.printed)]
        cells = chain(self.disclosures.values(), *lines)
        return [cell for cell in cells if cell.printed in others and not cell.mark]

    def blank(self) -> int:
        """How many cells are blank: read, with nothing printed in them."""
        blank = [line.printed.count("") for line in self.lines()]
        blank += [not cell.printed for cell in self.disclosures.values()]
        return sum(blank)
