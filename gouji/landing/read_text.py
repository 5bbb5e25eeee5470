"""Text and Markdown to the grid model.

Four ways of setting a table in text are known: tabs, pipes, columns aligned with spaces, and one
cell a line.  Where the lines are rows, a table of rows is made; where they are not, a flow of
cells, which `form` cuts at the labels.  Numbers without a separator between them are never
split.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gouji.landing.grid import (
    Document,
    Paragraph,
    RawCell,
    Table,
    build_table,
    clean,
    names_report_or_body,
)
from gouji.landing.markup import links_in, plain, read_marked, without_comments
from gouji.landing.read_html import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = frozenset(" \t|:+=_-")
_GAP = re.compile(r"\s{2,}|\u3000+")
_HEADING = re.compile(r"^#{1,6}\s+")
_BULLET = re.compile(r"^\s*(?:[-*+>]\s+)+")
_PIPE = re.compile(r"(?<!\\)\|")
_PIPE_AT_AN_END = re.compile(r"\A\s*\||\|[ \t]*\Z")
_PROSE = re.compile("[。；！？]|，.{8,}")
_WORDS = re.compile("[\u4e00-\u9fff]{2}")
_SECTION = re.compile("^[一二三四五六七]、.*(?:情况|事项|问题|诉讼)$")
_DRAWN = str.maketrans("│┃║｜─━═┌┬┐├┼┤└┴┘", "||||---+++++++++")  # frames of tables
_MOST_LINES = 10  # over which a quoted cell goes on
_MOST_OUTER = 0.2  # of lines with pipes that begin or end with one, where those are not written


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def read_text(data: bytes) -> Document:
    """Read a text or Markdown file."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    text = without_comments(text)
    if "|" not in text and any(bar in text for bar in "│┃║｜"):
        text = text.translate(_DRAWN)
    lines = [_Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    filled = [line for line in lines if line.text.strip() and not _is_rule(line.text)]
    document = Document()
    if not filled:
        return document
    is_cut = not text.endswith("\n")
    if sum("\t" in line.text for line in filled) >= 3:
        _tabbed(filled, document)
    elif sum("|" in line.text for line in filled) >= 3:
        _piped(lines, document)
    elif sum(_is_aligned(line.text) for line in filled) >= 5:
        _aligned(filled, document)
    else:
        _flow(document, [(line, line.text) for line in filled])
    _mark_the_end(document, filled[-1], is_cut)
    return document


def _is_rule(text: str) -> bool:
    """Whether a line is drawn of dashes, as under the headings of a table."""
    return "---" in text and _RULE.issuperset(text)


def _mark_the_end(document: Document, last: _Line, is_cut: bool) -> None:
    """A text that ends inside a table may be a copy that was cut there."""
    block = document.blocks[-1] if document.blocks else None
    if not isinstance(block, Table) or not block.rows:
        return
    is_torn = is_cut and not last.text.rstrip().endswith("|")
    document.blocks[-1] = replace(block, is_open=True, is_torn=is_torn)


def _prose(document: Document, text: str) -> None:
    heading = bool(_HEADING.match(text))
    said = clean(plain(_BULLET.sub("", _HEADING.sub("", text))))
    if said:
        document.blocks.append(Paragraph(said, heading))
        document.links += [link for link in links_in(text) if names_report_or_body(link)]


def _tabbed(lines: list[_Line], document: Document) -> None:
    run: list[_Line] = []
    tables = 0

    def close() -> None:
        nonlocal tables
        if run:
            tables += 1
            rows = [[_raw_cell(_unquoted(c)) for c in line.text.split("\t")] for line in run]
            place = f"table {tables} (lines {run[0].number}-{run[-1].number})"
            document.blocks.append(build_table(rows, place, is_typed=True))
            run.clear()

    for line in _whole(lines):
        if "\t" in line.text:
            run.append(line)
        else:
            close()
            _prose(document, line.text)
    close()


def _whole(lines: list[_Line]) -> Iterator[_Line]:
    """The lines; those between which a quoted cell goes on, as spreadsheets copy it, are one."""
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        for _ in range(min(_MOST_LINES, len(waiting))):
            last = line.text.rpartition("\t")[2]
            if not last.startswith('"') or last.count('"') % 2 == 0:
                break
            line = replace(line, text=f"{line.text} {waiting.pop().text}")
        yield line


def _unquoted(cell: str) -> str:
    """A cell without the quotation marks that a spreadsheet puts around it."""
    text = cell.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if is_quoted else cell


def _raw_cell(text: str) -> RawCell:
    shown, doubt = read_marked(text)
    return RawCell(shown, flaw=doubt)


def _cells_of_pipes(text: str, *, is_bare: bool = False) -> list[RawCell]:
    """The cells of a line of pipes; `is_bare`: without pipes at its ends."""
    stripped = text.strip()
    if not is_bare:
        stripped = stripped.removeprefix("|")
        if stripped.endswith("|") and not stripped.endswith("\\|"):
            stripped = stripped[:-1]
    return [_raw_cell(part.replace("\\|", "|")) for part in _PIPE.split(stripped)]


def _piped(lines: list[_Line], document: Document) -> None:
    """Tables in which each line of pipes is a row; or, where any is not, a flow of cells."""
    with_pipes = [line for line in lines if "|" in line.text]
    outer = sum(_PIPE_AT_AN_END.search(line.text) is not None for line in with_pipes)
    is_bare = outer <= _MOST_OUTER * len(with_pipes)
    if not is_bare and not all(
        _is_row(line.text, is_last=line is with_pipes[-1]) for line in with_pipes
    ):
        _pipe_flow(lines, document)
        return
    blocks: list[list[_Line]] = []
    for line in with_pipes:
        if blocks and blocks[-1][-1].number == line.number - 1:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    _markdown(lines, blocks, document, is_bare=is_bare)


def _is_row(text: str, *, is_last: bool) -> bool:
    """Whether a line of pipes is a whole row: it begins and ends with one and holds text."""
    stripped = text.strip()
    if not stripped.startswith("|") or not (stripped.endswith("|") or is_last):
        return False
    return (
        any(cell.text or cell.flaw for cell in _cells_of_pipes(text))
        and len(_PIPE.findall(stripped)) >= 2
    )


def _markdown(
    lines: list[_Line], blocks: list[list[_Line]], document: Document, *, is_bare: bool
) -> None:
    starts = {block[0].number: (place, block) for place, block in enumerate(blocks, start=1)}
    inside = {line.number for block in blocks for line in block}
    for line in lines:
        if line.number in starts:
            place, block = starts[line.number]
            rows = [
                _cells_of_pipes(entry.text, is_bare=is_bare)
                for entry in block
                if not _is_rule(entry.text)
            ]
            name = f"table {place} (lines {block[0].number}-{block[-1].number})"
            document.blocks.append(build_table(rows, name, is_typed=True))
        elif line.number not in inside and line.text.strip():
            _prose(document, line.text)


def _pipe_flow(lines: list[_Line], document: Document) -> None:
    """Cells parted by pipes, rows by nothing that can be relied on."""
    pieces: list[tuple[_Line, str]] = []
    pending = ""
    started = False
    for line in lines:
        if not line.text.strip() or _is_rule(line.text):
            continue
        if "|" not in line.text and _PROSE.search(line.text):
            if pending.strip():
                pieces.append((line, pending))
            pending = ""
            _prose(document, line.text)
            continue
        if _SECTION.match(pending.strip()):
            pieces.append((line, pending))
            pending = ""
        first, *rest = _PIPE.split(line.text)
        started = started or bool(rest)
        if not started:
            _prose(document, first)
            continue
        pending = f"{pending} {first}" if pending.strip() else first
        for part in rest:
            pieces.append((line, pending))
            pending = part
    if pending.strip():
        pieces.append((lines[-1], pending))
    _flow(document, pieces)


def _flow(document: Document, pieces: list[tuple[_Line, str]]) -> None:
    """A flow of cells; each keeps the number of its line as its row."""
    rows: list[list[RawCell]] = []
    last_line = 0
    for line, piece in pieces:
        cell = _raw_cell(_HEADING.sub("", piece))
        if _PROSE.search(cell.text) or _HEADING.match(piece):
            _prose(document, piece)
        while last_line < line.number:  # rows are numbered as the lines of the file
            rows.append([])
            last_line += 1
        rows[line.number - 1].append(cell)
    if rows:
        document.blocks.append(build_table(rows, "text", is_flow=True, is_typed=True))


def _is_aligned(text: str) -> bool:
    return len(_GAP.split(text.strip())) >= 2


def _aligned(lines: list[_Line], document: Document) -> None:
    """Columns set with spaces: a cell stands where the cells of the other rows stand."""
    run: list[_Line] = []
    tables = 0

    def close() -> None:
        nonlocal tables
        if not run:
            return
        tables += 1
        place = f"table {tables} (lines {run[0].number}-{run[-1].number})"
        document.blocks.append(
            build_table(_fixed_width([line.text for line in run]), place, is_typed=True)
        )
        run.clear()

    for line in lines:
        if _PROSE.search(line.text) and not _is_aligned(line.text):
            close()
            _prose(document, line.text)
        elif _is_aligned(line.text) or (run and line.text.startswith((" ", "\u3000"))):
            run.append(line)
        else:
            close()
            _prose(document, line.text)
    close()


def _display_width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _pieces_of(text: str) -> list[tuple[int, int, str]]:
    """The texts of a line that stand two spaces apart: (first column, end column, text)."""
    pieces: list[tuple[int, int, str]] = []
    column = 0
    start = 0
    current = ""
    gap = 2
    for char in text:
        width = _display_width(char)
        if char.isspace():
            gap += width
        else:
            if gap >= 2 and current:
                pieces.append((start, column - gap, current))
                current = ""
            if not current:
                start = column
            elif gap:
                current += " "
            current += char
            gap = 0
        column += width
    if current:
        pieces.append((start, column - gap, current))
    return pieces


def _fixed_width(lines: list[str]) -> list[list[RawCell]]:
    """Cells of aligned lines, blank ones included where the columns can be told for certain.

    Columns are parted by strips, two wide, that no line writes in.  A row whose last column is
    empty is not fitted to them: had a cell been lost in it, all others would have moved.
    """
    pieces = [_pieces_of(line) for line in lines]
    columns = _columns(pieces)
    rows: list[list[RawCell]] = []
    for row in pieces:
        texts = [text for *_, text in row]
        if columns and len(row) < len(columns):
            placed = _place(row, columns)
            if placed is not None and (placed[-1] or all(map(_is_heading, texts))):
                texts = placed
        rows.append([_raw_cell(text) for text in texts])
    return rows


def _is_heading(text: str) -> bool:
    """Whether a text can be no value: words of Chinese, and none that stands for a value."""
    return bool(_WORDS.search(text)) and "不适用" not in text


def _columns(pieces: list[list[tuple[int, int, str]]]) -> list[tuple[int, int]]:
    columns: list[tuple[int, int]] = []
    for start, end, _ in sorted(piece for row in pieces for piece in row):
        if columns and start < columns[-1][1] + 2:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns


def _place(row: list[tuple[int, int, str]], columns: list[tuple[int, int]]) -> list[str] | None:
    texts = [""] * len(columns)
    for start, end, text in row:
        place = next(i for i, (left, right) in enumerate(columns) if left <= start and end <= right)
        if texts[place]:
            return None
        texts[place] = text
    return texts
