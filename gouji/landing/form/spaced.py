"""Rows of the form that stand in a line of text with nothing but spaces between their cells.

So a text copied out of a page has them: a row a line, or the whole form in one.  The labels of the
form part the rows, and a row is read only where as many numbers follow its label as it has cells:
a blank cell leaves no trace here.  Two numbers that may be one with a space for its thousands, and
numbers that do not stand in one line, where one may be the number of a page, are doubtful unless
the row's own total bears them out; table 二 has no totals.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.grid import Document, Paragraph, RawCell, Table, build_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.vocabulary import Form, Word

FEWEST_ROWS = 3  # of a label and numbers, by which such a text is known
FEWEST_CELLS = 3  # of a line of numbers alone
_MOST_PARTS = 6  # of a label that is itself cut by spaces
_NUMBERING = re.compile(r"[(（]?[一二三四五六七八九十]{1,2}[)）、.．]+|[(（]?\d{1,2}[)）、.．]+")
_THOUSANDS = re.compile(r"\D*(?![0０])\d{1,3} \d{3}(?!\d|[,，]\d{3}).*")
SPLIT = "two of its numbers may be one that is written with a space"
APART = "its numbers do not stand in one line: one may be no number of its own"


class _Piece(NamedTuple):
    """What spaces part in a line of text, a label made whole; the line by its number."""

    line: int
    text: str
    word: Word


def with_spaced_rows(document: Document, form: Form) -> Document:
    """The document with a flow of cells for each text that holds rows of the form.

    A document that has the form in tables is given back as it is.
    """
    if any(_has_lines(table, form) for table in document.tables if not table.is_flow):
        return document
    blocks: list[Paragraph | Table] = []
    prose: list[Paragraph] = []
    for block in [*document.blocks, None]:
        if isinstance(block, Paragraph):
            blocks.append(block)
            prose.append(block)
            continue
        texts = [[paragraph.text] for paragraph in prose]
        blocks += _found(texts, form, is_open=block is None)
        prose = []
        if block is not None:
            blocks += _found_in_flow(block, form) if block.is_flow else [block]
    return replace(document, blocks=blocks)


def _has_lines(table: Table, form: Form) -> bool:
    return any(form.word(text).is_line for row in table.rows for text in row.texts)


def _found_in_flow(table: Table, form: Form) -> list[Table]:
    """A flow with the cells of its spaced lines parted, if it has such lines."""
    texts = [list(row.texts) for row in table.rows]
    found = list(_found(texts, form, is_open=False))
    return [replace(flow, is_open=table.is_open, is_torn=table.is_torn) for flow in found] or [
        table
    ]


def _found(texts: list[list[str]], form: Form, *, is_open: bool) -> Iterator[Table]:
    """The flow of cells that lines of text make, if rows of the form stand in them."""
    pieces = [
        piece
        for number, row in enumerate(texts, start=1)
        for text in row
        for piece in _pieces(number, text, form)
    ]
    runs = list(_runs(pieces))
    if sum(_is_row(label, run) for label, run in runs) < FEWEST_ROWS:
        return
    cells: list[list[RawCell]] = [[] for _ in texts]
    for label, run in runs:
        flaw = _flaw(label, run, form)
        for piece in run:
            cells[piece.line - 1].append(RawCell(piece.text, flaw=flaw))
    yield replace(
        build_table(cells, "text", is_flow=True, is_typed=True), is_open=is_open, is_torn=is_open
    )


def _pieces(number: int, text: str, form: Form) -> list[_Piece]:
    """A line in its pieces; one that holds neither a label of the form nor a row is one piece."""
    parts = text.split()
    pieces: list[_Piece] = []
    start = 0
    while start < len(parts):
        here = parts[start : start + _MOST_PARTS]
        count = _whole(here, form)
        piece = "".join(here[:count])
        pieces.append(_Piece(number, piece, form.word(piece)))
        start += count
    words = [piece.word for piece in pieces]
    known = sum(word.is_form or word.is_value or word.is_article for word in words)
    is_row = len(words) >= FEWEST_CELLS and all(word.is_value for word in words)
    if not is_row and (known < 2 or not any(word.is_form for word in words)):
        return [_Piece(number, text, form.word(text))]
    return pieces


def _whole(parts: list[str], form: Form) -> int:
    """How many of the parts, of which the first are given, make one label that spaces have cut."""
    first = form.word(parts[0])
    is_numbering = bool(_NUMBERING.fullmatch(parts[0]))
    if first.is_value and not is_numbering:
        return 1
    for count in range(len(parts), 1, -1):
        if any(form.word(part).is_value for part in parts[1:count]):
            continue
        whole = "".join(parts[:count])
        if form.is_label(whole):
            return count
    return 2 if is_numbering and len(parts) > 1 and form.is_section("".join(parts[:2])) else 1


def _runs(pieces: list[_Piece]) -> Iterator[tuple[_Piece | None, list[_Piece]]]:
    """The pieces in runs of cells and of other words, each with the piece that stands before it."""
    before = None
    for _, group in groupby(pieces, lambda piece: piece.word.is_value or piece.word.is_blank):
        run = list(group)
        yield before, run
        before = run[-1]


def _is_row(label: _Piece | None, run: list[_Piece]) -> bool:
    """Whether a run of pieces are numbers that follow the label of a line, in its line of text."""
    is_labelled = label is not None and label.word.is_line and label.line == run[0].line
    return is_labelled and run[0].word.is_value


def _flaw(label: _Piece | None, run: list[_Piece], form: Form) -> str:
    """What makes a run of numbers doubtful, where no total in it bears them out."""
    values = [piece for piece in run if piece.word.is_value]
    texts = [piece.text for piece in values]
    if any(_THOUSANDS.fullmatch(f"{one} {other}") for one, other in pairwise(texts)):
        flaw = SPLIT
    elif _is_apart(label, values):
        flaw = APART
    else:
        return ""
    return "" if _is_borne_out(label, texts, form) else flaw


def _is_apart(label: _Piece | None, values: list[_Piece]) -> bool:
    """Whether numbers stand in several lines, or one alone in a line that is not its label's."""
    lines = {value.line for value in values}
    if len(values) == 1 and label is not None and label.word.is_line:
        lines.add(label.line)
    return len(lines) > 1


def _is_borne_out(label: _Piece | None, texts: list[str], form: Form) -> bool:
    """Whether the total of a row of table 三, or each of the totals of table 四, is right."""
    size = len(texts)
    if size == len(form.channels) * len(form.results):
        size = len(form.results)
    elif label is None or not label.word.request_line:
        return False
    if not all(text.isascii() and text.isdigit() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return all(sum(group[:-1]) == group[-1] for group in groups)
