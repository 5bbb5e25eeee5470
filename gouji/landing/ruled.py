"""Tables of ruled lines and lines of print, as they stand on pages, to paragraphs and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from gouji.landing.grid import Paragraph, RawCell, build_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.landing.grid import Document

PAGE_NUMBER = re.compile(r"^[-—–－\s第]*\d{1,3}[-—–－\s页]*$")
SNAP = 4.0  # points by which the same edge may differ from page to page
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、.]|[（(]?\d{1,2}[)）、.]")
_SHORT = 0.3  # of the width: what a line leaves free that is no whole line of a paragraph
_INDENT = 12.0  # points by which the first line of a paragraph is set in


class Box(NamedTuple):
    """A cell on its page: left and right edge from the table's own, rows, what stands in it."""

    left: float
    right: float
    rowspan: int
    text: str
    doubt: str
    sureness: float = 1.0  # how sure an engine is that read it from a picture


class Printed(NamedTuple):
    """A printed line of prose: its edges, the size of its letters, its text."""

    left: float
    right: float
    size: float
    text: str


@dataclass
class Ruled:
    """A ruled table as it stands on its page, before its columns are numbered."""

    place: str
    page: int
    left: float
    right: float
    rows: list[list[Box]]
    edges: list[float]  # the left edges of its columns, from the table's own left edge

    def continues(self, other: Ruled) -> bool:
        """Whether this table goes on where another ended on the page before."""
        return (
            self.page == other.page + 1
            and abs(self.left - other.left) <= SNAP
            and abs(self.right - other.right) <= SNAP
        )


def ruled_table(
    table: Any, place: str, page: int, shown: Mapping[Any, tuple[str, str] | tuple[str, str, float]]
) -> Ruled:
    """A table that pdfplumber found in ruled lines, with what each of its boxes shows."""
    left, _, right, _ = table.bbox
    tops = [row.bbox[1] for row in table.rows]
    rows = [
        [
            Box(
                box[0] - left,
                box[2] - left,
                sum(box[1] - 1 <= top < box[3] - 1 for top in tops),
                *shown[box],
            )
            for box in row.cells
            if box is not None
        ]
        for row in table.rows
    ]
    edges = sorted({box[0] - left for box in table.cells})
    return Ruled(place, page, left, right, rows, edges)


class Block(NamedTuple):
    """A table or a line of print with its place on its page, in points from the top left."""

    top: float
    left: float
    what: Ruled | Printed


def join(document: Document, blocks: Iterable[Block]) -> None:
    """Put the blocks of all pages, which come from top to bottom, into a document.

    Lines of print become paragraphs; tables that run over pages get the same columns on each.
    """
    found = [block.what for block in blocks]
    _share_columns([block for block in found if isinstance(block, Ruled)])
    prose = [block for block in found if isinstance(block, Printed)]
    margins = (
        min((line.left for line in prose), default=0.0),
        max((line.right for line in prose), default=0.0),
    )
    lines: list[Printed] = []
    for block in found:
        if isinstance(block, Printed):
            lines.append(block)
            continue
        document.blocks += _paragraphs(lines, margins)
        lines.clear()
        document.blocks.append(build_table(_rows(block, document.sureness), block.place))
    document.blocks += _paragraphs(lines, margins)


def _share_columns(tables: list[Ruled]) -> None:
    """Give a table that runs over pages the same columns on each.

    A page may show fewer columns of labels than the next, where the cells that part them stand.
    """
    pairs = [(one, other) for one, other in pairwise(tables) if other.continues(one)]
    for before, after in [*pairs, *reversed(pairs)]:
        for coarse, fine in ((before, after), (after, before)):
            if len(coarse.edges) <= len(fine.edges) and all(
                _near(edge, fine.edges) is not None for edge in coarse.edges
            ):
                coarse.edges = fine.edges
                break


def _near(edge: float, edges: list[float]) -> int | None:
    return next((i for i, other in enumerate(edges) if abs(edge - other) <= SNAP), None)


def _paragraphs(lines: list[Printed], margins: tuple[float, float]) -> list[Paragraph]:
    """Printed lines joined to paragraphs."""
    found: list[Paragraph] = []
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and _begins(line, before, margins):
            found.append(Paragraph(text))
            text = ""
        text += line.text
    return [*found, Paragraph(text)] if text else found


def _begins(line: Printed, before: Printed, margins: tuple[float, float]) -> bool:
    """Whether a line begins a paragraph: set in, set in another size, or after one that ended."""
    left, right = margins
    if line.left - left > _INDENT or abs(line.size - before.size) > 0.1 * before.size:
        return True
    room = right - before.right
    if _NUMBERED.match(line.text) and room > before.size:
        return True
    is_sentence = before.text.endswith(("。", "！", "？", "；", "："))
    return room > (1.5 * before.size if is_sentence else _SHORT * (right - left))


def _rows(table: Ruled, sureness: dict[str, float]) -> list[list[RawCell]]:
    """The rows of a ruled table; a place without a cell of its own is a blank that is doubtful.

    How sure an engine was of a cell is put down at the cell's place.
    """
    edges = table.edges
    covered: set[tuple[int, int]] = set()
    rows: list[list[RawCell]] = []
    for index, row in enumerate(table.rows):
        starts = {_near(box.left, edges): box for box in row}
        flaw = "" if len(starts) == len(row) and None not in starts else "cells too narrow to part"
        cells: list[RawCell] = []
        for column, _ in enumerate(edges):
            if (index, column) in covered:
                continue
            if column not in starts:
                cells.append(RawCell("", flaw="a cell without borders"))
                continue
            box = starts[column]
            colspan = sum(edge < box.right - SNAP for edge in edges[column:])
            covered |= {
                (index + down, column + over)
                for down in range(box.rowspan)
                for over in range(colspan)
            }
            cells.append(RawCell(box.text, max(1, box.rowspan), max(1, colspan), flaw or box.doubt))
            if box.sureness < 1:
                sureness[f"{table.place}, row {index + 1}, cell {len(cells)}"] = box.sureness
        rows.append(cells)
    return rows
