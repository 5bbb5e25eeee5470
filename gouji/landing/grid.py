"""The one model that every reader fills: a document of paragraphs and tables.

A table keeps its cells as the document has them, with row and column spans and the place where
each stood; nothing is merged, split or guessed here.  What a cell means is the business of
`recognise`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MAX_COLUMNS = 500
MAX_ROWS = 20_000
MAX_CELLS = 200_000
MAX_CELL_CHARACTERS = 500

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_SPACE = re.compile(r"\s+")


class Refused(Exception):
    """A document, or a request to land it, that is refused; the text is the reason."""


def clean(text: str) -> str:
    """The text of a cell with its runs of white space made one space and none at the ends."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACE.sub(" ", text.translate(_INVISIBLE)).strip()


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as a reader found it: its text, spans, and what makes it doubtful, if anything."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
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


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the cells that begin in it, and its whole width with the cells that reach into it."""

    cells: tuple[Cell, ...]
    width: int
    number: int

    @property
    def is_blank(self) -> bool:
        """Whether no cell of the row holds text."""
        return not any(cell.text for cell in self.cells)


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
    reaching: dict[int, int] = {}  # column -> rows that a cell from above still covers
    cells_so_far = 0
    for number, raw_row in enumerate(raw_rows, start=1):
        if number > MAX_ROWS:
            raise Refused(f"{place} has more than {MAX_ROWS} rows")
        cells: list[Cell] = []
        column = 0
        width = 0
        new_reach: list[tuple[int, int, int]] = []
        for order, raw in enumerate(raw_row, start=1):
            if reaching:
                while column in reaching:
                    column += 1
            if raw.colspan > MAX_COLUMNS or column + raw.colspan > MAX_COLUMNS:
                raise Refused(
                    f"{place}, row {number}: a cell reaches over more than {MAX_COLUMNS} columns"
                )
            colspan = max(1, raw.colspan)
            rowspan = max(1, raw.rowspan)
            text, flaw = raw.text, raw.flaw
            if len(text) > MAX_CELL_CHARACTERS:  # a layout table: the cell is a whole page
                text, flaw = text[:MAX_CELL_CHARACTERS], "a cell that holds a whole text"
            cells.append(Cell(text, column, rowspan, colspan, order, flaw))
            if rowspan > 1:
                new_reach.append((column, colspan, rowspan - 1))
            column += colspan
            width = column
        cells_so_far += len(cells)
        if cells_so_far > MAX_CELLS:
            raise Refused(f"{place} has more than {MAX_CELLS} cells")
        if reaching:
            width = max(width, max(reaching) + 1)
            reaching = {col: left - 1 for col, left in reaching.items() if left > 1}
        for start, span, left in new_reach:
            for col in range(start, start + span):
                reaching[col] = max(left, reaching.get(col, 0))
        rows.append(Row(tuple(cells), width, number))
    return Table(tuple(rows), place, is_flow, is_typed)
