"""The rows of the old annex, in a table of the document or in its text.

In a table a figure stands under its heading.  A copy in text has label, unit and figures one after
the other, with spaces between them or none: the unit ends a label, and the number before the next
label (`2.`) is its own, as the one after the label before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.reading import UNREADABLE
from gouji.landing.statistics.reading import COLUMNS, AnnexRow, StatisticsReading
from gouji.landing.statistics.words import label_key, plain
from gouji.landing.vocabulary import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.grid import Document, Row, Table
    from gouji.landing.statistics.words import StatisticWords

FEWEST_ROWS = 3  # by which an annex is known
LONGEST_HEAD = 12
MOST_IN_NUMBER = 2  # digits of a number before a label
_FIGURES = re.compile(r"\d(?:[\d\s]|[,，.](?=\d))*")
_WHICH = re.compile(r"其中[:：]\s*$")
_SEPARATOR = re.compile(r"[.．、]")
_YEAR = re.compile(r"20\d\d")
_HIDDEN = str.maketrans("0123456789", "".join(map(chr, range(0xE000, 0xE00A))))
_SHOWN = {0xE000 + digit: str(digit) for digit in range(10)}


def find_annex(document: Document, words: StatisticWords) -> StatisticsReading | None:
    """Find the annex of a document; nothing where there is none.

    Rows whose labels name no indicator are kept with an empty one, and said.
    """
    found = _in_tables(document, words) or _in_text(_text(document), words)
    if found is None or sum(bool(row.indicator) for row in found.rows) < FEWEST_ROWS:
        return None
    _mark_repeated(found)
    found.notes += [
        f"{row.place}: no indicator is called “{row.label[:30]}”: landed under its label alone"
        for row in found.rows
        if not row.indicator
    ]
    return found


def _mark_repeated(reading: StatisticsReading) -> None:
    """Of two rows of one indicator keep the first, marked where the other has other figures."""
    first: dict[str, AnnexRow] = {}
    for row in list(reading.rows):
        had = first.setdefault(row.indicator, row) if row.indicator else row
        if had is row:
            continue
        if (had.figures, had.run) != (row.figures, row.run):
            had.run = ""
            had.mark(reading.columns, f"the row stands there twice, here and at {row.place}")
        reading.rows.remove(row)


class _Names:
    """What labels mean one after the other: each within the wholes above it."""

    def __init__(self, words: StatisticWords) -> None:
        self._words = words
        self.wholes: list[str] = []

    def indicator(self, label: str) -> str:
        """The indicator that the next label names."""
        found = self._words.indicator(label, self.wholes)
        if found:
            self.wholes = self._words.chain(found)
        return found


# -- in tables


class _Head(NamedTuple):
    """The grid columns under the headings of an annex."""

    label: int
    figures: dict[int, str]  # grid column -> column of figures
    unit: int = -1
    code: int = -1
    width: int = 0


def _in_tables(document: Document, words: StatisticWords) -> StatisticsReading | None:
    reading: StatisticsReading | None = None
    names = _Names(words)
    head: _Head | None = None
    for table in document.tables:
        if table.is_flow:
            continue
        for row in table.rows:
            found = _head(row, words)
            if found is not None:
                head = found
                reading = reading or StatisticsReading(tuple(found.figures.values()))
                if tuple(found.figures.values()) != reading.columns:
                    head = None  # another table beside the annex
                reading.head_years |= _years(row.texts)
            elif head is not None and reading is not None and row.width == head.width:
                _take(row, table, head, names, reading)
    return reading


def _years(heads: tuple[str, ...]) -> set[int]:
    """The years that stand in headings."""
    return {int(year) for head in heads for year in _YEAR.findall(plain(head))}


def _head(row: Row, words: StatisticWords) -> _Head | None:
    """The headings of an annex that a row is, or nothing."""
    found: dict[str, list[int]] = {}
    for text, column in zip(row.texts, row.columns, strict=True):
        if text and len(text) <= LONGEST_HEAD and (name := words.column(text)):
            found.setdefault(name, []).append(column)
    if "label" not in found or found.keys() <= {"label", "unit", "code"}:
        return None
    figures = {
        column: name
        for name, columns in found.items()
        if name not in ("label", "unit", "code")
        for column in columns
    }
    if len(set(figures.values())) < len(figures):
        return None  # two columns of the same name: which is which cannot be told
    one = {name: columns[0] for name, columns in found.items()}
    return _Head(
        one["label"],
        dict(sorted(figures.items())),
        one.get("unit", -1),
        one.get("code", -1),
        row.width,
    )


def _take(row: Row, table: Table, head: _Head, names: _Names, reading: StatisticsReading) -> None:
    """Take a row of a table for the annex, if it has a label."""
    cells = {cell.col: cell for cell in row.cells}
    texts = {column: cell.text for column, cell in cells.items()}
    label = texts.get(head.label, "")
    if not label or not label_key(label):
        return
    place = f"{table.place}, row {row.number}"
    if len({head.unit, *head.figures} & cells.keys()) < 1 + len(head.figures) - (head.unit < 0):
        if any(texts.get(column) for column in head.figures):
            reading.notes.append(f"{place}: its cells do not stand under the headings, left out")
        return  # a heading of a section reaches over the columns
    taken = AnnexRow(
        len(reading.rows) + 1,
        place,
        label,
        texts.get(head.unit, ""),
        names.indicator(label),
        texts.get(head.code, ""),
    )
    for column, name in head.figures.items():
        taken.figures[name] = texts[column]
        if cells[column].flaw:
            taken.figures[name] = UNREADABLE
            taken.marks[name] = str(cells[column].flaw)
    reading.rows.append(taken)


# -- in text


def _text(document: Document) -> str:
    """The text of a document: of its flows of cells where it has some, else of its paragraphs."""
    flows = [table for table in document.tables if table.is_flow]
    lines = [" ".join(row.texts) for table in flows for row in table.rows]
    return "\n".join(lines or [paragraph.text for paragraph in document.paragraphs])


def _in_text(text: str, words: StatisticWords) -> StatisticsReading | None:
    """The annex in a text: behind the last headings that rows follow."""
    for start, columns in reversed(list(_heads_in(text, words))):
        reading = StatisticsReading(columns)
        reading.head_years |= _years((text[max(0, start - 2 * LONGEST_HEAD) : start],))
        _TextRows(reading, words).read(text[start:])
        if len(reading.indicators) >= FEWEST_ROWS:
            return reading
    return None


def _heads_in(text: str, words: StatisticWords) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where headings of an annex end in a text, and the columns of figures that they name."""
    heads = sorted(words.heads, key=len, reverse=True)
    one = re.compile(r"\s*((?:20\d\d\s*年?\s*)?(?:" + "|".join(map(re.escape, heads)) + "))")
    for first in re.finditer("|".join(h for h in heads if words.heads[h] == "label"), text):
        end, found = first.end(), ["label"]
        while match := one.match(text, end):
            found.append(words.column(match[1]))
            end = match.end()
        columns = [name for name in found if name not in ("label", "unit", "code")]
        if "unit" in found and columns and "" not in found and len(set(columns)) == len(columns):
            yield end, tuple(columns)


class _TextRows:
    """The rows of a text that begins with the first label."""

    def __init__(self, reading: StatisticsReading, words: StatisticWords) -> None:
        self._reading = reading
        self._words = words
        self._names = _Names(words)
        self._number: int | None = 0  # of the last row that has one
        self._lead = ""  # what stands before the words of the next label: 其中, a number

    def read(self, text: str) -> None:
        """Read the rows of a text; a number that follows no unit may be a page's, or the end.

        Behind one, only what names an indicator that is not there yet is a row.
        """
        text = _with_digits_of_labels_hidden(text, self._words)
        start, has_ended = 0, False
        for match in _FIGURES.finditer(text):
            said = text[start : match.start()].translate(_SHOWN)
            separator = _SEPARATOR.match(text, match.end())
            # 12、2. is a figure and the next row's number
            is_numbered = bool(separator and not text[separator.end() :][:1].isdigit())
            start = match.end()
            if _WHICH.search(said) and is_numbered:  # 其中：1.
                number = match.group().strip()
                is_one = number.isdecimal() and len(number) <= MOST_IN_NUMBER
                self._number = int(number) if is_one else None
                self._lead = f"{said.strip()}{number}"
                continue
            label, unit = _label_and_unit(f"{self._lead}{said}", self._words)
            self._lead = ""
            if not unit:
                has_ended = bool(self._reading.rows)
                continue
            figures = self._figures(match.group(), is_numbered=is_numbered)
            if not has_ended or self._is_new(label.rpartition("\n")[2]):
                self._add(label.rpartition("\n")[2], unit, figures)

    def _is_new(self, label: str) -> bool:
        """Whether a label names an indicator that no row has."""
        named = self._words.indicator(label, self._names.wholes)
        return bool(named) and named not in self._reading.indicators

    def _figures(self, text: str, *, is_numbered: bool) -> list[str]:
        """The figures of a row without the next label's number; none where it is not clear."""
        if not is_numbered:
            return text.split()
        expected = "" if self._number is None else str(self._number + 1)
        if not expected or not text.rstrip().endswith(expected):
            self._number = None
            return []
        self._number, self._lead = int(expected), expected
        return text.rstrip().removesuffix(expected).split()

    def _add(self, label: str, unit: str, figures: list[str]) -> None:
        """Add a row; where its figures are not clear, they are marked."""
        reading = self._reading
        number = len(reading.rows) + 1
        place = f"row {number} of the annex"
        row = AnnexRow(number, place, label, unit, self._names.indicator(label))
        reading.rows.append(row)
        if len(figures) == len(reading.columns):
            row.figures = dict(zip(reading.columns, figures, strict=True))
        elif reading.columns == COLUMNS and len(figures) == 1 and _is_run(figures[0]):
            row.run = figures[0]
        else:
            row.mark(reading.columns, "its figures cannot be told from the numbers beside them")
        if row.indicator:
            return
        # another row may stand in the label, with no figure that is a number
        for one in sorted(self._words.named_in(label) - reading.indicators):
            hidden = AnnexRow(len(reading.rows) + 1, place, label, unit, one)
            hidden.mark(reading.columns, "its label runs into the next, with no number between")
            reading.rows.append(hidden)


def _is_run(text: str) -> bool:
    """Whether a text can be two figures run together."""
    return text.isdecimal() and len(text) <= 2 * MOST_DIGITS


def _with_digits_of_labels_hidden(text: str, words: StatisticWords) -> str:
    """A text in which the digits of labels, as of 免予公开范围1, are no figures."""
    for label in {key for key, _ in words.labels if any(char.isdigit() for char in key)}:
        text = text.replace(label, label.translate(_HIDDEN))
    return text


def _label_and_unit(said: str, words: StatisticWords) -> tuple[str, str]:
    """What stands before a figure: a label and its unit, both empty where it ends with none."""
    text = said.strip()
    unit = next((one for one in words.units if text.endswith(one)), "")
    return (text.removesuffix(unit).strip(), unit) if unit else ("", "")
