"""The one model that every reader fills: a document of paragraphs and tables.

A table keeps its cells as the document has them, with row and column spans and the place where
each stood; nothing is merged, split or guessed here.  What a cell means is the business of
`form`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

LOCKED = "it is locked with a password: open it, save it without the password, and land that"
MAX_COLUMNS = 500
MAX_ROWS = 20_000
MAX_CELLS = 200_000
MAX_CELL_CHARACTERS = 500

# What takes no room (zero-width, soft hyphen, marks of direction), and thin spaces, which part the
# digits of one number and never two numbers.
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff\u2006\u2008\u2009\u200a\u202f"
    "\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f"
)


class Refused(Exception):
    """A document, or a request to land it, that is refused; the text is the reason."""


class IsScan(Refused):
    """A document that is pictures of pages, which only an engine can read."""


def visible(text: str) -> str:
    """A text without the characters that take no room or hardly any."""
    if not text.isascii():
        for char in _INVISIBLE:
            if char in text:
                text = text.replace(char, "")
    return text


def clean(text: str) -> str:
    """The text of a cell with its runs of white space made one space and none at the ends."""
    return " ".join(visible(text).split())


class RawCell(NamedTuple):
    """A cell as a reader found it: its text, spans (at least 1), and what makes it doubtful."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    flaw: str = ""


BODY_ENDINGS = (*"局委厅办部院处镇乡府会室队", "街道", "中心")  # of the names of bodies


class Cell(NamedTuple):
    """A cell in its place.  `number` counts the cells of its row in the document from 1."""

    text: str
    col: int
    rowspan: int
    colspan: int
    number: int
    flaw: str = ""

    @property
    def end(self) -> int:
        """The first grid column after the cell."""
        return self.col + self.colspan


# The columns that cells from above still cover, and for how many rows.
_Reaching = tuple[tuple[int, int], ...]


class Row(NamedTuple):
    """A row: the cells that begin in it, and its whole width with the cells that reach into it.

    A page has some 300 cells and most are looked at only as a row's: so a row keeps the texts, the
    first columns, the spans and the flaws of its cells, and makes a `Cell` where one is asked for.
    """

    texts: tuple[str, ...]
    columns: tuple[int, ...]
    rowspans: tuple[int, ...]
    colspans: tuple[int, ...]
    flaws: tuple[str, ...]
    width: int
    number: int

    @classmethod
    def of(cls, cells: Iterable[Cell], width: int, number: int) -> Row:
        """A row of cells."""
        parts = zip(*cells, strict=True)
        texts, columns, rowspans, colspans, _, flaws = parts if cells else ((),) * 6
        return cls(texts, columns, rowspans, colspans, flaws, width, number)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, numbered from 1."""
        numbers = range(1, len(self.texts) + 1)
        columns = (self.texts, self.columns, self.rowspans, self.colspans, numbers, self.flaws)
        return tuple(map(_CELL, zip(*columns, strict=True)))

    @property
    def is_blank(self) -> bool:
        """Whether no cell of the row holds text."""
        return not any(self.texts)


_CELL = partial(tuple.__new__, Cell)  # a cell of a tuple, many times as quick as Cell(*values)
_NO_CELLS: tuple[tuple[()], ...] = ((), (), (), ())
_ROW = partial(tuple.__new__, Row)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document.

    `is_flow` says that the source gives the cells in order but not dependably in rows, as a text
    copy with one value a line does; the rows are then found by their labels.  `is_typed` says that
    the cells were parted by characters, not by markup, so that rows may be padded.  `is_open` says
    that the document ends inside this table, so that its last row may be a part; `is_torn` that it
    ends inside the last cell.
    """

    rows: tuple[Row, ...]
    place: str
    is_flow: bool = False
    is_typed: bool = False
    is_open: bool = False
    is_torn: bool = False


def names_report_or_body(text: str) -> bool:
    """Whether a link's text may name a report or a body, so that it is kept."""
    return "公开" in text or text.endswith(BODY_ENDINGS)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose; `is_heading` for the document's own headings."""

    text: str
    is_heading: bool = False


@dataclass(slots=True)
class Document:
    """What a reader makes of a file: blocks in the order of the document, and its metadata."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # the texts of links that name reports or bodies
    is_scan: bool = False  # an engine read it from pictures
    sureness: dict[str, float] = field(default_factory=dict)  # of that engine, by the cell's place

    @property
    def tables(self) -> list[Table]:
        """The tables in the order of the document."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs in the order of the document."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]


def build_table(
    raw_rows: Iterable[Sequence[RawCell]],
    place: str,
    *,
    is_flow: bool = False,
    is_typed: bool = False,
) -> Table:
    """Place the cells of a table by their spans (the table algorithm of the HTML standard).

    Raises `Refused` for a table that is larger than any form could be.
    """
    rows: list[Row] = []
    reaching: _Reaching = ()
    cells_so_far = 0
    for number, raw_row in enumerate(raw_rows, start=1):
        texts, downs, rights, flaws = zip(*raw_row, strict=True) if raw_row else _NO_CELLS
        columns, own_width, width, reaching = _placed(downs, rights, reaching)
        if own_width > MAX_COLUMNS:
            raise Refused(
                f"{place}, row {number}: a cell reaches over more than {MAX_COLUMNS} columns"
            )
        cells_so_far += len(raw_row)
        if cells_so_far > MAX_CELLS or number > MAX_ROWS:
            raise Refused(f"{place} has more than {MAX_ROWS} rows or {MAX_CELLS} cells")
        if not is_flow and len("".join(texts)) > MAX_CELL_CHARACTERS:
            texts, flaws = _cut(texts, flaws)
        rows.append(_ROW((texts, columns, downs, rights, flaws, width, number)))
    return Table(tuple(rows), place, is_flow, is_typed)


@lru_cache(maxsize=2_000)
def _placed(
    downs: tuple[int, ...], rights: tuple[int, ...], reaching_before: _Reaching
) -> tuple[tuple[int, ...], int, int, _Reaching]:
    """Where the cells of a row stand, by their spans and those of the rows above alone.

    Gives the first column of each, the column after the last, the whole width with the cells from
    above, and what reaches into the next row.
    """
    before = dict(reaching_before)
    columns, own_width = _columns(rights, before)
    if own_width > MAX_COLUMNS:
        return columns, own_width, own_width, ()
    width = max(own_width, max(before) + 1) if before else own_width
    after = {col: left - 1 for col, left in before.items() if left > 1}
    for column, down, right in zip(columns, downs, rights, strict=False):
        for col in range(column, column + right) if down > 1 else ():
            after[col] = max(down - 1, after.get(col, 0))
    return columns, own_width, width, tuple(after.items())


def _columns(rights: Sequence[int], reaching: dict[int, int]) -> tuple[tuple[int, ...], int]:
    """The first column of each cell of a row, and the column after the last."""
    if not reaching:
        *columns, end = accumulate(rights, initial=0)
        return tuple(columns), end
    columns = []
    column = 0
    for right in rights:
        while column in reaching:
            column += 1
        columns.append(column)
        column += right
    return tuple(columns), column


def _cut(texts: tuple[str, ...], flaws: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts and flaws of a row; of a layout table's cell, which holds a page, the beginning."""
    too_long = [len(text) > MAX_CELL_CHARACTERS for text in texts]
    return (
        tuple(text[:MAX_CELL_CHARACTERS] for text in texts),
        tuple(
            "a cell that holds a whole text" if long else flaw
            for long, flaw in zip(too_long, flaws, strict=True)
        ),
    )
