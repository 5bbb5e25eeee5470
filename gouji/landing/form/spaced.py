"""Rows of the form that stand in a line of text with nothing but spaces between their cells.

So a text copied out of a page has them: a row a line, or the whole form in one.  The labels of the
form part the rows, and a row is read only where as many numbers follow its label as it has cells:
a blank cell leaves no trace here.  Two numbers that may be one with a space for its thousands are
doubtful where the row's own total does not bear them out, or where other rows do not count up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.grid import Document, Paragraph, RawCell, Table, build_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.vocabulary import Form, Word

FEWEST_ROWS = 3  # of a label and numbers, by which such a text is known
FEWEST_CELLS = 3  # of a line of numbers alone
_MOST_PARTS = 6  # of a label that is itself cut by spaces
_NUMBERING = re.compile(r"[(（]?[一二三四五六七八九十]{1,2}[)）、.．]+|[(（]?\d{1,2}[)）、.．]+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3} \d{3}")
SPLIT = "two of its numbers may be one that is written with a space"


class _Line(NamedTuple):
    """A line of text: its number, and the pieces that spaces part in it, labels made whole."""

    number: int
    pieces: list[str]
    words: list[Word]


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
    lines = [_line(number, text, form) for number, row in enumerate(texts, start=1) for text in row]
    rows = [row for line in lines for row in _rows(line)]
    if len(rows) < FEWEST_ROWS:
        return
    counts_up = all(len(values) in _wanted(word, form) for word, values in rows)
    cells: list[list[RawCell]] = [[] for _ in texts]
    for line in lines:
        doubtful = {
            at
            for at in _starts(line)
            if _may_be_split(_values(line, at), counts_up=counts_up, has_total=_has_total(line, at))
        }
        flaw = ""
        for at, (piece, word) in enumerate(zip(line.pieces, line.words, strict=True)):
            flaw = SPLIT if at in doubtful else flaw if word.is_value else ""
            cells[line.number - 1].append(RawCell(piece, flaw=flaw if word.is_value else ""))
    yield replace(
        build_table(cells, "text", is_flow=True, is_typed=True), is_open=is_open, is_torn=is_open
    )


def _line(number: int, text: str, form: Form) -> _Line:
    """A line in its pieces; one that holds neither a label of the form nor a row is one piece."""
    parts = text.split()
    pieces: list[str] = []
    while parts:
        count = _whole(parts, form)
        pieces.append("".join(parts[:count]))
        del parts[:count]
    words = [form.word(piece) for piece in pieces]
    known = sum(word.is_form or word.is_value or word.is_article for word in words)
    is_row = len(words) >= FEWEST_CELLS and all(word.is_value for word in words)
    if not is_row and (known < 2 or not any(word.is_form for word in words)):
        return _Line(number, [text], [form.word(text)])
    return _Line(number, pieces, words)


def _whole(parts: list[str], form: Form) -> int:
    """How many of the parts that come first make one label, which spaces have cut."""
    first = form.word(parts[0])
    is_numbering = bool(_NUMBERING.fullmatch(parts[0]))
    if first.is_value and not is_numbering:
        return 1
    for count in range(min(_MOST_PARTS, len(parts)), 1, -1):
        if any(form.word(part).is_value for part in parts[1:count]):
            continue
        whole = "".join(parts[:count])
        if form.is_label(whole):
            return count
    return 2 if is_numbering and len(parts) > 1 and form.is_section("".join(parts[:2])) else 1


def _starts(line: _Line) -> Iterator[int]:
    """Where numbers begin that follow a label or a heading at once."""
    for at, (before, word) in enumerate(pairwise(line.words), start=1):
        if word.is_value and not before.is_value:
            yield at


def _values(line: _Line, at: int) -> list[str]:
    end = at
    while end < len(line.words) and line.words[end].is_value:
        end += 1
    return line.pieces[at:end]


def _rows(line: _Line) -> Iterator[tuple[Word, list[str]]]:
    """The rows of a line: the label of each, and the numbers that follow it."""
    for at in _starts(line):
        if line.words[at - 1].is_line:
            yield line.words[at - 1], _values(line, at)


def _wanted(word: Word, form: Form) -> set[int]:
    """How many cells a line has, in each layout."""
    if word.request_line:
        return {len(form.applicants)}
    return {len(cells) for (_, line), cells in form.cells.items() if line == word.disclosure_line}


def _has_total(line: _Line, at: int) -> bool:
    return bool(line.words[at - 1].request_line)


def _may_be_split(values: list[str], *, counts_up: bool, has_total: bool) -> bool:
    """Whether two neighbours among numbers may be one number."""
    if not any(_THOUSANDS.fullmatch(f"{one} {other}") for one, other in pairwise(values)):
        return False
    if has_total and all(value.isascii() and value.isdigit() for value in values):
        *parts, total = map(int, values)
        return sum(parts) != total
    return has_total or not counts_up
