"""The form in a document: which cell is which line's and which column's.

The measure is that no cell is read wrong in silence.  A row is read only where its shape leaves
one reading: its cells stand under the headings, or there are exactly as many as the form has and
both ends are filled.  Any other row is marked: its cells are landed as `?` and the reason is said.
A line that the document does not have is absent; but where a row of the table could not be named,
the missing lines are marked too, since the row may be one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, pairwise, zip_longest
from typing import TYPE_CHECKING

from gouji.landing.grid import Cell, Document, Refused, Row, Table
from gouji.landing.reading import CellRead, LineRead, Reading, line_read, marked, one_of
from gouji.landing.rows import PROSE_LENGTH, flow_rows, is_outside, joined
from gouji.landing.shown import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gouji.landing.vocabulary import Form, Word

LONGEST_VALUE = 20  # characters up to which a text that is in doubt may be a value
TABLE_NAMES = {"disclosures": "table 二", "requests": "table 三", "reviews": "table 四"}


@dataclass(slots=True)
class _MeasureHeading:
    """A heading row of table 二: 信息内容 and the measures under which the cells stand."""

    cells: list[Cell]
    words: list[Word]
    width: int
    before: int  # cells before the first measure


@dataclass(slots=True)
class _TypeHeading:
    """The heading of table 三: the column of each applicant type, as far as it is found."""

    columns: dict[str, int] = field(default_factory=dict)
    width: int = 0
    in_order: list[str] = field(default_factory=list)
    is_flow: bool = False
    is_typed: bool = False


class _Unclear(Exception):
    """A row whose cells cannot be told apart with certainty; the text is the reason."""


def recognise(document: Document, form: Form) -> Reading:
    """Read the form in a document.

    Raises `Refused` when the document has no cell of the form that can be read with certainty, or
    when its headings belong to two layouts.
    """
    reader = _Recogniser(form)
    tables: list[tuple[Table, list[Row], list[list[Word]]]] = []
    for table in joined(document.tables, form):
        rows = flow_rows(table, form) if table.is_flow else list(table.rows)
        words = [_words(row, form) for row in rows]
        tables.append((table, rows, words))
    reader.reading.layout = _layout(row for *_, words in tables for row in words)
    for table, rows, words in tables:
        reader.table(table, rows, words)
    for paragraph in document.paragraphs:
        reader.paragraph(paragraph.text)
    reader.finish()
    reading = reader.reading
    if not reading.disclosures and not reading.requests and not reading.reviews:
        raise Refused("no table of the form was found in it")
    unread = reading.marked()
    read = reading.held() - unread
    if not read:
        raise Refused(f"no cell of the form can be read with certainty: {_first_mark(reading)}")
    if unread > 2 * read:
        raise Refused(
            f"{unread} of its {unread + read} cells cannot be read "
            f"with certainty: {_first_mark(reading)}"
        )
    if not reading.layout:
        raise Refused("the headings of table 二 that tell the layout were not found")
    return reading


def _words(row: Row, form: Form) -> list[Word]:
    """The words of a row; what holds something that cannot be told stands for a value."""
    words = list(map(form.word, row.texts))
    if any(row.flaws):
        for at, (word, flaw) in enumerate(zip(words, row.flaws, strict=True)):
            if isinstance(flaw, Doubt) and not word.is_form and len(row.texts[at]) <= LONGEST_VALUE:
                words[at] = replace(word, is_value=True, is_blank=False)
    return words


def _first_mark(reading: Reading) -> str:
    for *_, cell in reading.cells():
        if cell.mark:
            return f"{cell.place}: {cell.mark}" if cell.place else cell.mark
    return ""


def _layout(words_of_rows: Iterable[list[Word]]) -> str:
    """The layout that the headings of table 二 belong to; empty where there are none.

    处理决定数量 is left out of the vote: it is also what remains of 本年处理决定数量 when cut.
    """
    votes: dict[str, set[str]] = {}
    for words in words_of_rows:
        for word in words:
            if word.measures:
                layouts = {layout for layout, _ in word.measures}
                if len(layouts) == 1 and ("2019", "decisions") not in word.measures:
                    votes.setdefault(layouts.pop(), set()).add(word.key)
    if len(votes) == 2:
        ranked = sorted(votes, key=lambda layout: -len(votes[layout]))
        raise Refused(
            f"its headings belong to two layouts: {', '.join(sorted(votes[ranked[0]]))} and "
            f"{', '.join(sorted(votes[ranked[1]]))}"
        )
    return next(iter(votes), "")


class _Recogniser:
    """Walks the rows of all tables in order; a table that continues on a next page goes on."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.reading = Reading()
        self.measures: _MeasureHeading | None = None
        self.types: _TypeHeading | None = None
        # of the types, worked out once
        self.columns: tuple[tuple[int, ...] | None, str] | None = None
        self.review_rows: list[Row] = []
        self.review_done = False
        self.unnamed: dict[str, list[str]] = {}
        self.doubtful_reviews: list[tuple[Table, Row]] = []
        self.cut: str = ""
        self.is_in: str = ""
        self.is_extra = False  # the table has no headings of the form
        self.from_extra: set[str] = set()
        self.is_exact_flow = False
        self.has_no_fillers = False
        self.last_line = ""
        self.seen: dict[str, tuple[Table, Row]] = {}

    # -- tables and rows

    def table(self, table: Table, rows: list[Row], words: list[list[Word]]) -> None:
        """Read one table of the document, its rows with the words that their cells may be."""
        if not any(word.is_form or word.run_together for row in words for word in row):
            if any(_is_value_row(row) for row in words):
                self._continued(table, rows, words)
            return
        self.is_extra = not table.is_flow and not any(
            word.measures or word.is_information or word.is_heading or word.channel
            for row in words
            for word in row
        )
        self.is_exact_flow = table.is_flow and self._has_no_padding(words)
        self.has_no_fillers = table.is_flow and self._has_no_fillers(words)
        last = len(rows) - 1
        while last >= 0 and rows[last].is_blank:
            last -= 1
        for index, (row, row_words) in enumerate(zip(rows, words, strict=True)):
            at_the_end = table.is_open and index == last
            lines = [word for word in row_words if word.is_line]
            if lines:  # most rows: a line of the form
                if not at_the_end:
                    self._see(lines, table, row)
                self._data_row(table, row, row_words, at_the_end)
                continue
            if table.is_flow and is_outside(row.texts[0], row_words[0], self.form):
                continue
            if row.is_blank:
                if self.review_rows and not self.review_done and _has_fifteen(row):
                    self._review_row(table, row)
                continue
            self._row(table, row, row_words, at_the_end)

    def paragraph(self, text: str) -> None:
        """Mark a line of the form that stands in the prose, label and numbers in one piece."""
        if len(text) > 100 or not text[-1:].isdigit():
            return
        line = self.form.word(text).run_together
        if line and not self._has(line):
            self._mark_line(
                line, "", "it stands in the text as one piece: no cells are parted there"
            )

    def _has(self, line: str) -> bool:
        reading = self.reading
        return line in reading.requests or any(line == had for had, _ in reading.disclosures)

    def _see(self, lines: list[Word], table: Table, row: Row) -> None:
        """Remember the lines whose labels stand in a row, so that none is lost in silence."""
        for word in lines:
            self.seen.setdefault(word.disclosure_line or word.request_line, (table, row))

    def _has_no_padding(self, words: list[list[Word]]) -> bool:
        """Whether a flow has exactly the form's cells in its rows of table 三, so in all rows."""
        counts = [
            len(row) - label - 1
            for row in words
            for label in [next((i for i, w in enumerate(row) if w.request_line and w.is_line), -1)]
            if label >= 0 and len(row) > label + 1
        ]
        exact = sum(count == len(self.form.applicants) for count in counts)
        return exact >= 5 and exact >= 0.8 * len(counts)

    def _has_no_fillers(self, words: list[list[Word]]) -> bool:
        """Whether values follow their labels at once: to the last of them there are always seven.

        Where a label took several columns, blank cells may stand between it and its values; then
        cells cannot be counted from the label.
        """
        wanted = len(self.form.applicants)
        counts: list[int] = []
        at_once = False
        for row in words:
            label = next((i for i, w in enumerate(row) if w.request_line and w.is_line), None)
            if label is None:
                continue
            data = row[label + 1 :]
            filled = [i for i, word in enumerate(row) if i > label and not word.is_blank]
            if filled and all(word.is_blank or word.is_value for word in data):
                counts.append(filled[-1] - label)
                at_once = at_once or (filled[0] == label + 1 and counts[-1] == wanted)
        if counts and counts[-1] < wanted:
            counts.pop()  # the row at which the document breaks off
        return at_once and len(counts) >= 3 and all(count == wanted for count in counts)

    def _continued(self, table: Table, rows: list[Row], words: list[list[Word]]) -> None:
        """A table with values and no word of the form: the last row of table 四, or no part."""
        for row, row_words in zip(rows, words, strict=True):
            if _all_values(row_words) and self.review_rows and not self.review_done:
                self._review_row(table, row)
            elif _all_values(row_words) and len(row.texts) >= 15:
                self.doubtful_reviews.append((table, row))
        if not self.review_done and not self.doubtful_reviews:
            self.reading.notes.append(f"{table.place} is no part of the form: no label of it there")

    def _row(self, table: Table, row: Row, words: list[Word], at_the_end: bool) -> None:
        has_value = any(word.is_value for word in words)
        if self._is_measure_heading(words) and not has_value:
            self._measure_heading(row, words)
            self.is_in = "disclosures"
            return
        if all(word.is_article or word.is_blank for word in words):
            self.measures = None
            return
        if not has_value and self._is_type_heading(words):
            self._type_heading(table, row, words)
            self.is_in = "requests"
            return
        if not has_value and self._is_review_heading(words):
            if self.review_done:
                self.review_rows = []
                self.review_done = False
            self.review_rows.append(row)
            self.is_in = "reviews"
            return
        self._data_row(table, row, words, at_the_end)

    def _data_row(self, table: Table, row: Row, words: list[Word], at_the_end: bool) -> None:
        together = [word.run_together for word in words if word.run_together]
        if together:
            reason = "label and numbers run together without a separator"
            for line in together:
                self._mark_line(line, _place(table, row), reason)
            return
        label = self._label(words)
        if label is None:
            self._row_without_label(table, row, words, at_the_end)
            return
        word = words[label]
        if self.is_extra and self._is_extra_row(table, row, word):
            return
        if word.disclosure_line and not word.request_line:
            self.is_in = "disclosures"
            self._disclosure(table, row, words, label, at_the_end)
        else:
            self.is_in = "requests"
            self._request(table, row, words, label, at_the_end)

    def _is_extra_row(self, table: Table, row: Row, word: Word) -> bool:
        """Whether a row of a table without headings repeats a line: a table beside the form's.

        What such a table gave for a line before the form itself did is forgotten.
        """
        line = word.disclosure_line or word.request_line
        if self._has(line) and line not in self.from_extra:
            self._say(
                f"{_place(table, row)} repeats a line under no headings of the form: left out"
            )
            return True
        self.from_extra.add(line)
        return False

    def _forget_extra(self, line: str) -> None:
        if line in self.from_extra and not self.is_extra:
            self.from_extra.discard(line)
            self.reading.requests.pop(line, None)
            for key in [key for key in self.reading.disclosures if key[0] == line]:
                del self.reading.disclosures[key]

    def _label(self, words: list[Word]) -> int | None:
        """The cell that names the line: the last label before the first value."""
        found = None
        for index, word in enumerate(words):
            if word.is_value:
                break
            if word.request_line == "other_other" and not self._may_be_other(words[:index]):
                continue
            if word.disclosure_line or word.is_line:
                found = index
            elif (
                word.request_line
                and self.is_in == "requests"
                and all(w.is_group or w.is_blank for w in words[:index])
            ):
                # 其他 and 总计 without their number: only as labels of table 三, left of its cells
                found = index
        return found

    def _may_be_other(self, before: list[Word]) -> bool:
        """Whether 其他 is the last line of （六）: its heading or its other lines stand before it.

        Anywhere else it may be what is left of a longer label.
        """
        heads = any(word.request_line == "other_processing" for word in before)
        return heads or self.last_line in ("other_processing", *self.form.split_lines)

    def _row_without_label(
        self, table: Table, row: Row, words: list[Word], at_the_end: bool
    ) -> None:
        if _all_values(words):
            if self.review_rows and not self.review_done:
                self._review_row(table, row, at_the_end)
                return
            if sum(word.is_value for word in words) >= 15:
                self.doubtful_reviews.append((table, row))
                return
        if not any(word.is_value for word in words):
            if at_the_end and self.is_in:
                self._say_cut(table, row)
            elif self.is_in and self._looks_like_a_row(row, words):
                self._unnamed(table, row, words)
            return
        if self.is_in:
            self._unnamed(table, row, words)

    def _looks_like_a_row(self, row: Row, words: list[Word]) -> bool:
        """Whether a row with no value and no label may still be a line of the form, blank."""
        texts = [
            text
            for text, word in zip(row.texts, words, strict=True)
            if not word.is_blank and not word.is_form
        ]
        blanks = sum(word.is_blank for word in words)
        if len(texts) == 1 and self.form.is_section(texts[0]):
            return False
        return bool(texts) and blanks >= 3 and bool(self.form.nearest(texts[-1]))

    def _unnamed(self, table: Table, row: Row, words: list[Word]) -> None:
        texts = [
            text
            for text, word in zip(row.texts, words, strict=True)
            if not word.is_value and not word.is_blank and not word.is_group
        ]
        said = texts[-1][:30] if texts else ""
        near = self.form.nearest(said) if said else []
        note = (
            f"{_place(table, row)}: no line of the form is called “{said}”"
            if said
            else (f"{_place(table, row)}: a row of values without a label")
        )
        if near:
            note += f" (nearest: {', '.join(near)})"
        self.unnamed.setdefault(self.is_in, []).append(note)
        self.reading.notes.append(note)

    def _say_cut(self, table: Table, row: Row) -> None:
        self.cut = f"the document ends inside {_place(table, row)}"

    # -- table 二

    def _is_measure_heading(self, words: list[Word]) -> bool:
        if any(word.is_line for word in words):
            return False
        return any(word.measures or word.is_information for word in words)

    def _measure_heading(self, row: Row, words: list[Word]) -> None:
        start = next((i + 1 for i, word in enumerate(words) if word.is_information), 0)
        cells = row.cells
        pairs = [
            (cell, word)
            for cell, word in zip(cells[start:], words[start:], strict=True)
            if not word.is_blank
        ]
        pairs = self._join_fragments(pairs)
        before = sum(1 for cell in cells if pairs and cell.number < pairs[0][0].number)
        self.measures = _MeasureHeading(
            [cell for cell, _ in pairs], [word for _, word in pairs], row.width, before
        )

    def _join_fragments(self, pairs: list[tuple[Cell, Word]]) -> list[tuple[Cell, Word]]:
        """Headings of which each part stands in a cell of its own, as text copies have them."""
        joined: list[tuple[Cell, Word]] = []
        for cell, word in pairs:
            if joined and not word.measures and not joined[-1][1].measures:
                both = self.form.word(joined[-1][0].text + cell.text)
                if both.measures:
                    joined[-1] = (joined[-1][0], both)
                    continue
            joined.append((cell, word))
        return joined

    def _disclosure(
        self, table: Table, row: Row, words: list[Word], label: int, at_the_end: bool
    ) -> None:
        line = words[label].disclosure_line
        layout = self.reading.layout
        expected = self.form.cells.get((layout, line))
        place = _place(table, row)
        if words[label].read_as:
            self._say_read_as(place, row.texts[label], words[label])
        if expected is None:
            self.reading.notes.append(
                f"{place}: {self.form.labels[line]} is no line of layout {layout or '?'}: left out"
            )
            return
        try:
            cells = self._disclosure_cells(table, row, words, label, at_the_end)
        except _Unclear as unclear:
            if at_the_end:
                self._say_cut(table, row)
            else:
                self._put_disclosures(line, expected, str(unclear), place)
            return
        for measure in expected:
            cell = cells.get(measure) or marked(place, "its heading is not certain")
            self._put_disclosure(line, measure, cell)

    def _disclosure_cells(
        self, table: Table, row: Row, words: list[Word], label: int, at_the_end: bool
    ) -> dict[str, CellRead]:
        """The cells of a row of table 二 by measure, without those whose heading is not certain."""
        heading = self.measures
        if heading is None:
            raise _Unclear("no headings stand above the row")
        layout = self.reading.layout
        expected = self.form.cells[layout, words[label].disclosure_line]
        measures = self._measures_under(heading, expected, layout)
        last = len(row.texts) - 1
        if at_the_end and table.is_flow and last - label == len(expected) + 1:
            # A copy that breaks off: what stands last is the beginning of what follows.
            row, words = Row.of(row.cells[:-1], row.width - 1, row.number), words[:-1]
        cells = self._fit_measures(row, label, words, heading, table.is_typed)
        if at_the_end and table.is_torn and cells[-1] == last:
            raise _Unclear("the document ends in its last cell")
        place = _place(table, row)
        found: dict[str, CellRead] = {}
        for measure, at, word in zip(measures, cells, heading.words, strict=True):
            if measure is not None:
                text = row.texts[at]
                mark = row.flaws[at] or self._amount_mark(measure, text, word)
                found[measure] = (
                    marked(place, mark, at + 1) if mark else CellRead(text, place, at + 1)
                )
        return found

    def _amount_mark(self, measure: str, text: str, word: Word) -> str:
        """Why an amount is marked: a heading whose unit is not the form's, and none in the cell."""
        unit = self.form.units.get((self.reading.layout, measure), "")
        if unit and word.unit and word.unit != unit and text and "元" not in text:
            if text.strip("0.") == "":
                return ""
            return f"its heading gives the unit {word.unit} where the form has {unit}"
        return ""

    def _measures_under(
        self, heading: _MeasureHeading, expected: list[str], layout: str
    ) -> list[str | None]:
        """The measure of each heading, None where it is not certain; or `_Unclear`."""
        if len(heading.cells) != len(expected):
            raise _Unclear(
                f"{len(heading.cells)} headings stand above where the form has {len(expected)}"
            )
        codes = [
            next((code for lay, code in word.measures if lay == layout), None)
            for word in heading.words
        ]
        if codes == expected:  # as on most pages
            return list(codes)
        if any(
            word.measures and code is None for word, code in zip(heading.words, codes, strict=True)
        ):
            cut = [w.key for w, c in zip(heading.words, codes, strict=True) if w.measures and not c]
            # 处理决定数量 under the layout of 2021 is 本年处理决定数量, cut.
            if any(
                not _is_part(key, self.form.labels[want])
                for key, want in zip(cut, expected, strict=False)
            ):
                raise _Unclear(f"heading {cut[0]} belongs to the other layout")
        known = [code for code in codes if code is not None]
        if sorted(known) == sorted(expected):
            return list(codes)
        result: list[str | None] = []
        for code, want, word in zip(codes, expected, heading.words, strict=True):
            if code == want:
                certain = codes.count(code) == 1
            elif code is None:
                certain = want not in known and self._may_be(word.key, want, expected, layout)
            else:
                certain = False
            result.append(want if certain else None)
            if certain and code is None:
                self._say(f"heading “{word.key}” is read as {self.form.labels[want]} by its place")
        if not any(result):
            raise _Unclear("the headings above are not the form's")
        return result

    def _may_be(self, key: str, want: str, expected: list[str], layout: str) -> bool:
        """Whether an unknown heading is what is left of the form's heading at its place."""
        labels = {
            code: [k for k, word in self.form.words.items() if (layout, code) in word.measures]
            for code in expected
        }
        if any(_is_part(key, label) for label in labels[want]):
            return True
        likeness = {
            code: max(SequenceMatcher(None, key, label, autojunk=False).ratio() for label in known)
            for code, known in labels.items()
        }
        return likeness[want] >= 0.6 and likeness[want] == max(likeness.values())

    def _fit_measures(
        self, row: Row, label: int, words: list[Word], heading: _MeasureHeading, is_typed: bool
    ) -> Sequence[int]:
        """Which cells stand under the headings; `_Unclear` where they cannot be told apart."""
        data = range(label + 1, len(row.texts))
        wanted = len(heading.cells)
        self._refuse_foreign(row, data, words)
        if row.width == heading.width:
            if len(data) == wanted and label + 1 == heading.before:
                return data
            picked = _in_columns(row, data, [cell.col for cell in heading.cells])
            if len(picked) == wanted and _are_blank(row, data, besides=picked):
                return picked
        self._refuse_strange(row, data)
        filled = _trim(row, data)
        if len(filled) == wanted and (is_typed or len(data) == wanted):
            return filled
        raise _Unclear(f"{len(filled if is_typed else data)} cells where {wanted} are expected")

    def _refuse_foreign(self, row: Row, data: range, words: Sequence[Word]) -> None:
        """Raise `_Unclear` where cells cannot be data: a label, a text, broken markup, a span."""
        if _are_plain_numbers(row, data):
            return
        for cell, word in zip(row.cells[data.start :], words[data.start :], strict=True):
            flaw = "" if isinstance(cell.flaw, Doubt) else cell.flaw  # of the row's shape
            if (word.is_value or word.is_blank) and not flaw and cell.rowspan == 1:
                continue
            if flaw:
                raise _Unclear(flaw)
            if word.is_form:
                raise _Unclear(f"a label stands among the values: {cell.text[:20]}")
            if cell.rowspan > 1:
                raise _Unclear("a cell of the row reaches over several rows")
            if len(cell.text) > PROSE_LENGTH and not word.is_value:
                raise _Unclear("a text stands among the values")

    def _refuse_strange(self, row: Row, data: range) -> None:
        """Raise `_Unclear` where cells that are only counted hold something that is no value."""
        for text, flaw in zip(row.texts[data.start :], row.flaws[data.start :], strict=True):
            if text and not flaw and not self.form.is_value(text):
                raise _Unclear(f"a text that is no value stands among the cells: {text[:20]}")

    def _put_disclosures(self, line: str, expected: list[str], reason: str, place: str) -> None:
        for measure in expected:
            self._put_disclosure(line, measure, marked(place, reason))

    def _put_disclosure(self, line: str, measure: str, cell: CellRead) -> None:
        self._forget_extra(line)
        had = self.reading.disclosures.get((line, measure))
        self.reading.disclosures[line, measure] = one_of(had, cell)

    # -- table 三

    def _is_type_heading(self, words: list[Word]) -> bool:
        if any(word.is_line or word.channel for word in words):
            return False
        if any(word.result and not word.applicant for word in words):
            return False
        named = sum(bool(word.applicant) for word in words)
        return named >= 2 or any(word.is_heading for word in words)

    def _type_heading(self, table: Table, row: Row, words: list[Word]) -> None:
        self.columns = None
        if self.types is None or self.is_in != "requests":
            self.types = _TypeHeading({}, row.width, [], table.is_flow, table.is_typed)
        self.types.width = max(self.types.width, row.width)
        for column, word in zip(row.columns, words, strict=True):
            if word.applicant:
                self.types.columns.setdefault(word.applicant, column)
                self.types.in_order.append(word.applicant)

    def _type_columns(self) -> tuple[tuple[int, ...] | None, str]:
        """The columns of the seven types in the form's order, if all are known; or an objection."""
        heading = self.types
        if heading is None:
            return None, ""
        order = [code for code in self.form.applicants if code in heading.columns]
        organisations = [code for code in heading.in_order if code in self.form.applicants[1:6]]
        columns = [heading.columns[code] for code in order]
        if columns != sorted(columns) and not heading.is_typed:
            return None, "the headings of the applicant types are not in the form's order"
        is_whole = len(order) == len(self.form.applicants) == len(heading.in_order)
        if is_whole and columns == sorted(set(columns)) and not heading.is_flow:
            return tuple(columns), ""
        ranked = [self.form.applicants.index(code) for code in organisations]
        if ranked != sorted(ranked):
            return None, "the headings of the applicant types are not in the form's order"
        return None, ""

    def _request(
        self, table: Table, row: Row, words: list[Word], label: int, at_the_end: bool
    ) -> None:
        line = words[label].request_line
        self.last_line = line
        place = _place(table, row)
        if words[label].read_as:
            self._say_read_as(place, row.texts[label], words[label])
        data = range(label + 1, len(row.texts))
        try:
            cells = self._fit_types(table, row, data, words)
            if at_the_end and table.is_torn and cells[-1] == data[-1]:
                raise _Unclear("the document ends in its last cell")
        except _Unclear as unclear:
            is_heading = line == "other_processing" and not _trim(row, data) and not table.is_flow
            if at_the_end:
                self._say_cut(table, row)
            elif data and not is_heading:  # else （六） is but the heading of its own lines
                self._put_request(line, self._seven_marked(place, str(unclear)))
            return
        texts = tuple([row.texts[at] for at in cells])
        read = line_read(texts, place, tuple([at + 1 for at in cells]))
        if any(row.flaws[at] for at in cells):
            read = read.doubted(tuple([row.flaws[at] for at in cells]))
        self._put_request(line, read)

    def _fit_types(self, table: Table, row: Row, data: range, words: list[Word]) -> Sequence[int]:
        """Which are the seven cells in the form's order; `_Unclear` where they cannot be told."""
        self._refuse_foreign(row, data, words)
        if self.columns is None:
            self.columns = self._type_columns()
        columns, objection = self.columns
        if columns is not None and self.types is not None and row.width == self.types.width:
            aligned = self._under(row, data, columns)
            label = data.start - 1
            if aligned and row.columns[label] + row.colspans[label] <= columns[0]:
                return aligned
        if objection:
            raise _Unclear(objection)
        self._refuse_strange(row, data)
        return self._counted(table, row, data, len(self.form.applicants))

    def _under(self, row: Row, data: range, columns: tuple[int, ...]) -> Sequence[int]:
        """The cells that stand in the columns, if every one does and all others are blank."""
        if row.columns[data.start :] == columns and max(row.colspans[data.start :]) == 1:
            return data
        single = [at for at in data if row.colspans[at] == 1]
        picked = _in_columns(row, single, columns)
        is_whole = len(picked) == len(columns)
        return picked if is_whole and _are_blank(row, data, besides=picked) else []

    def _counted(self, table: Table, row: Row, data: range, wanted: int) -> range:
        """The cells of a row that has exactly as many as the form, whichever way it is counted."""
        if self.is_exact_flow and len(data) == wanted:
            return data
        filled = _trim(row, data)
        if len(filled) == wanted and all(row.colspans[at] == 1 for at in filled):
            if table.is_typed or len(data) == wanted:
                return filled
        elif table.is_flow and self.has_no_fillers and len(filled) < wanted:
            # Blank cells before the last value: counted from the label.
            counted = range(data.start, filled.stop) if filled else filled
            if len(counted) == wanted:
                return counted
        raise _Unclear(
            f"{len(filled if table.is_typed else data)} cells where {wanted} are expected"
        )

    def _seven_marked(self, place: str, reason: str) -> LineRead:
        return LineRead.of([marked(place, reason) for _ in self.form.applicants])

    def _put_request(self, line: str, cells: LineRead) -> None:
        self._forget_extra(line)
        had = self.reading.requests.get(line)
        if had is None:
            self.reading.requests[line] = cells
        else:
            self.reading.requests[line] = LineRead.of(map(one_of, had, cells))

    # -- table 四

    def _is_review_heading(self, words: list[Word]) -> bool:
        if any(word.channel for word in words):
            return True
        return sum(bool(word.result) for word in words) >= 2 and bool(self.review_rows)

    def _review_row(self, table: Table, row: Row, at_the_end: bool = False) -> None:
        self.is_in = "reviews"
        wanted = len(self.form.channels) * len(self.form.results)
        place = _place(table, row)
        cells: dict[tuple[str, str], Cell] | str
        flaw = next((flaw for flaw in row.flaws if flaw and not isinstance(flaw, Doubt)), "")
        pairs = self._review_columns(row)
        if flaw:
            cells = flaw
        elif pairs is not None:
            cells = pairs
        else:
            filled = row.cells
            if table.is_typed and not self.is_exact_flow:
                trimmed = _trim(row, range(len(filled)))
                filled = filled[trimmed.start : trimmed.stop]
            objection = self._review_order()
            if objection:
                cells = objection
            elif len(filled) == wanted and all(cell.colspan == 1 for cell in filled):
                names = [(c, r) for c in self.form.channels for r in self.form.results]
                cells = dict(zip(names, filled, strict=True))
            elif len(filled) == wanted:
                cells = "its cells do not stand under the headings, one under each"
            else:
                cells = f"{len(filled)} cells where {wanted} are expected"
        self.review_done = True
        if at_the_end and (isinstance(cells, str) or table.is_torn):
            self._say_cut(table, row)
            return
        for channel in self.form.channels:
            read = LineRead.of(
                marked(place, cells)
                if isinstance(cells, str)
                else _cell_read(cells[channel, result], place)
                for result in self.form.results
            )
            had = self.reading.reviews.get(channel)
            if had is not None:
                read = LineRead.of(map(one_of, had, read))
            self.reading.reviews[channel] = read

    def _review_columns(self, row: Row) -> dict[tuple[str, str], Cell] | None:
        """The cells by the headings that they stand under, where all fifteen are named."""
        width = max((heading.width for heading in self.review_rows), default=0)
        wanted = len(self.form.channels) * len(self.form.results)
        if row.width != width or len(row.texts) != wanted:
            return None
        headings, word = tuple(self.review_rows), self.form.word
        results = _headings(headings, "result", word)
        channels = _headings(headings, "channel", word)
        named: dict[tuple[str, str], Cell] = {}
        for cell in row.cells:  # one may span columns, if its heading spans them too
            over = {results.get(column, "") for column in range(cell.col, cell.end)}
            if cell.rowspan > 1 or len(over) > 1:
                return None
            named[channels.get(cell.col, ""), over.pop()] = cell
        in_order = [(one, other) for one in self.form.channels for other in self.form.results]
        return named if list(named) == in_order else None

    def _review_order(self) -> str:
        """An objection to reading fifteen cells in the form's order, or nothing."""
        words = [self.form.word(text) for row in self.review_rows for text in row.texts]
        results = [word.result for word in words if word.result]
        channels = [word.channel for word in words if word.channel]
        unknown = [word.key for word in words if word.key and not word.is_form]
        if unknown:
            return f"heading {unknown[0]} is not the form's"
        in_order = self.form.results * len(self.form.channels)
        if results != in_order[: len(results)] or (results and len(results) != len(in_order)):
            return "the headings of the results are not the form's"
        ranked = [self.form.channels.index(channel) for channel in channels]
        if any(left >= right for left, right in pairwise(ranked)):
            return "the headings of the channels are not in the form's order"
        return ""

    # -- the end

    def finish(self) -> None:
        """Settle what only the whole document can tell."""
        reading = self.reading
        self._settle_reviews()
        self._settle_other_processing()
        self._settle_seen()
        for form_table, missing in self._missing().items():
            if not missing:
                continue
            names = ", ".join(self.form.labels[line] for line in missing[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
            if self.unnamed.get(form_table):
                reason = f"it may be the row that could not be named: {self.unnamed[form_table][0]}"
                for line in missing:
                    self._mark_line(line, "", reason)
            else:
                reading.notes.append(
                    f"{TABLE_NAMES[form_table]} has no row for {names}{more}: absent"
                )
        if self.cut:
            reading.notes.append(f"{self.cut}: what follows is absent")
        odd_rows: list[Iterable[CellRead]] = [
            line for line in reading.lines() if not "".join(line.printed).isdigit()
        ]
        disclosures = reading.disclosures.values()
        if not "".join([cell.printed for cell in disclosures]).isdigit():
            odd_rows.append(disclosures)
        odd = [
            cell
            for cell in chain.from_iterable(odd_rows)
            if cell.printed and not cell.mark and not self.form.is_value(cell.printed)
        ]
        if odd:
            reading.notes.append(
                f"{len(odd)} cells hold a text that is no number, the first {odd[0].place}: "
                f"{odd[0].printed[:20]}"
            )

    def _missing(self) -> dict[str, list[str]]:
        layout = self.reading.layout
        lines = self.form.disclosure_lines.get(layout, [])
        had = {line for line, _ in self.reading.disclosures}
        usual = self.form.usual_request_lines.get(layout, set())
        wanted = [line for line in self.form.request_lines.get(layout, []) if line in usual]
        if any(line in self.reading.requests for line in self.form.split_lines):
            wanted = [line for line in wanted if line != "other_processing"]
            wanted += [line for line in self.form.split_lines if line not in wanted]
        elif "other_processing" in self.reading.requests:
            wanted = [line for line in wanted if line not in self.form.split_lines]
        elif "other_processing" not in wanted:
            wanted.append("other_processing")
        return {
            "disclosures": [line for line in lines if line not in had],
            "requests": [line for line in wanted if line not in self.reading.requests],
            "reviews": [c for c in self.form.channels if c not in self.reading.reviews],
        }

    def _settle_other_processing(self) -> None:
        """（六） beside its own rows is their heading; with values of its own, it may be one."""
        requests = self.reading.requests
        cells = requests.get("other_processing")
        missing = [line for line in self.form.split_lines if line not in requests]
        if cells is None or len(missing) == len(self.form.split_lines):
            return
        if all(cell.mark or not cell.printed for cell in cells):
            del requests["other_processing"]
        elif missing:
            del requests["other_processing"]
            for line in missing:
                reason = "values stand beside （六） and none beside this line of it"
                self._mark_line(line, next(iter(cells)).place, reason)

    def _settle_seen(self) -> None:
        """Mark the lines whose labels stand somewhere in the tables and were not read there."""
        layout = self.reading.layout
        read = self.reading.requests.keys() | {line for line, _ in self.reading.disclosures}
        for line, (table, row) in self.seen.items():
            if line in read:
                continue
            if line not in self.form.request_lines.get(layout, []) and (
                (layout, line) not in self.form.cells
            ):
                continue
            if line == "other_processing" and any(
                one in self.reading.requests for one in self.form.split_lines
            ):
                continue
            reason = "its label stands in a row that could not be read"
            self._mark_line(line, _place(table, row), reason)

    def _settle_reviews(self) -> None:
        """A row of fifteen values under no heading is table 四 where its own sums bear it out."""
        if self.reading.reviews or len(self.doubtful_reviews) != 1:
            return
        table, row = self.doubtful_reviews[0]
        filled = [row.texts[at] for at in _trim(row, range(len(row.texts)))]
        size = len(self.form.results)
        groups = [filled[start : start + size] for start in range(0, len(filled), size)]
        if len(filled) != size * len(self.form.channels):
            return
        if not all(text.isdigit() for text in filled):
            return
        if all(sum(map(int, group[:-1])) == int(group[-1]) for group in groups):
            self.review_rows = []
            self._review_row(table, row)
            self.reading.notes.append(
                f"{_place(table, row)} is read as table 四 though no heading stands above it: "
                "fifteen values whose three totals are right"
            )

    def _mark_line(self, line: str, place: str, reason: str) -> None:
        if line in self.form.channels:
            marks = LineRead.of([marked(place, reason) for _ in self.form.results])
            self.reading.reviews.setdefault(line, marks)
        elif any(line == code for _, code in self.form.cells):
            expected = self.form.cells.get((self.reading.layout, line), [])
            self._put_disclosures(line, expected, reason, place)
        else:
            self._put_request(line, self._seven_marked(place, reason))

    def _say(self, note: str) -> None:
        if note not in self.reading.notes:
            self.reading.notes.append(note)

    def _say_read_as(self, place: str, text: str, word: Word) -> None:
        self.reading.notes.append(f"{place}: “{text[:30]}” is read as {word.read_as}")


def _cell_read(cell: Cell, place: str) -> CellRead:
    """A cell as landed, marked where what stands in it is in doubt."""
    if cell.flaw:
        return marked(place, cell.flaw, cell.number)
    return CellRead(cell.text, place, cell.number)


def _place(table: Table, row: Row) -> str:
    return f"line {row.number}" if table.is_flow else f"{table.place}, row {row.number}"


@lru_cache(maxsize=1_000)
def _headings(rows: tuple[Row, ...], role: str, word: Callable[[str], Word]) -> dict[int, str]:
    """The heading over each column of table 四: the lowest that covers it.

    A channel also covers the blank cells after it, where spans were lost.
    """
    names: dict[int, str] = {}
    for row in rows:
        starts = [cell for cell in row.cells if cell.text]
        for cell, following in zip_longest(starts, starts[1:]):
            name: str = getattr(word(cell.text), role)
            end = following.col if following is not None else row.width
            if name:
                columns = range(cell.col, end if role == "channel" else cell.end)
                names |= dict.fromkeys(columns, name)
    return names


def _are_plain_numbers(row: Row, data: range) -> bool:
    """Whether cells hold nothing but digits or nothing, each in one row, in whole markup."""
    start = data.start
    text = "".join(row.texts[start:])
    return (
        text.isdigit()
        and text.isascii()
        and max(row.rowspans[start:]) == 1
        and not any(row.flaws[start:])
    )


def _is_part(key: str, label: str) -> bool:
    """Whether a text is what is left of a label that was cut."""
    plain = "".join(char for char in label if char.isalnum() or char == "/")
    return len(key) >= 3 and (plain.startswith(key) or plain.endswith(key))


def _trim(row: Row, data: range) -> range:
    """The cells from the first that is filled to the last."""
    filled = [at for at in data if row.texts[at] or row.flaws[at]]
    return range(filled[0], filled[-1] + 1) if filled else range(0)


def _in_columns(row: Row, data: Iterable[int], columns: Iterable[int]) -> list[int]:
    """The cells that begin in the columns."""
    by_column = {row.columns[at]: at for at in data}
    return [by_column[column] for column in columns if column in by_column]


def _are_blank(row: Row, data: range, *, besides: list[int]) -> bool:
    """Whether no cell besides some holds text."""
    return not any(row.texts[at] or row.flaws[at] for at in data if at not in besides)


def _all_values(words: list[Word]) -> bool:
    return any(word.is_value for word in words) and all(
        word.is_value or word.is_blank for word in words
    )


def _is_value_row(words: list[Word]) -> bool:
    return sum(word.is_value for word in words) >= 15


def _has_fifteen(row: Row) -> bool:
    return row.colspans == (1,) * 15
