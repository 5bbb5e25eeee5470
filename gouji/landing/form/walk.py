"""The walk over the rows of a document: each goes to the reader of the table it belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gouji.landing.form.cells import FormRow, Sheet
from gouji.landing.form.disclosures import Disclosures
from gouji.landing.form.requests import Requests, has_no_fillers, usual_count
from gouji.landing.form.reviews import Reviews
from gouji.landing.form.rows import is_outside
from gouji.landing.reading import Reading
from gouji.landing.vocabulary import FORM, TOGETHER, VALUE

if TYPE_CHECKING:
    from gouji.landing.form.cut_rows import Worded
    from gouji.landing.form.words import Words
    from gouji.landing.grid import Row
    from gouji.landing.vocabulary import Form, Word

LONGEST_ORDINAL = 2  # digits of the number of a row that stands before its label


class Walk:
    """Walks the rows of all tables in order; a table that continues on a next page goes on."""

    def __init__(self, form: Form, layout: str) -> None:
        self.form = form
        self.reading = Reading(layout)
        self.disclosures = Disclosures(form, self.reading)
        self.requests = Requests(form, self.reading)
        self.reviews = Reviews(form, self.reading)
        self.is_in = ""  # the table of the form that the last row belonged to
        self.cut = ""
        self.unnamed: dict[str, list[str]] = {}
        self.bare: dict[str, FormRow] = {}  # lines with nothing but a label that is not whole
        self.seen: dict[str, FormRow] = {}  # lines whose labels stand somewhere
        self._extra: set[str] = set()  # lines that so far only tables without headings gave

    def table(self, worded: Worded) -> None:
        """Read one table of the document, its rows with the words that their cells may be."""
        table, rows, words = worded.table, worded.rows, worded.words
        sheet = self._sheet(worded)
        if not any(row.roles & (FORM | TOGETHER) for row in words):
            if any(_is_value_row(row) for row in words):
                self._continued(sheet, rows, words)
            return
        last = len(rows) - 1
        while last >= 0 and rows[last].is_blank:
            last -= 1
        for index, (grid_row, row_words) in enumerate(zip(rows, words, strict=True)):
            row = FormRow(sheet, grid_row, row_words, table.is_open and index == last)
            if row_words.lines:  # most rows: a line of the form
                if not row.is_last:
                    for label in row_words.lines:
                        word = row_words[label]
                        self.seen.setdefault(word.disclosure_line or word.request_line, row)
                self._data_row(row)
            elif table.is_flow and is_outside(grid_row.texts[0], row_words[0], self.form):
                continue
            elif not grid_row.is_blank:
                self._row(row)
            elif self.reviews.is_open and _has_fifteen(grid_row):
                self._review_row(replace(row, is_last=False))

    def paragraph(self, text: str) -> None:
        """Mark a line of the form that stands in the prose, label and numbers in one piece."""
        if len(text) > 100 or not text[-1:].isdigit():
            return
        line = self.form.word(text).run_together
        if line and not self.has(line):
            reason = "it stands in the text as one piece: no cells are parted there"
            self.mark(line, "", reason)

    def has(self, line: str) -> bool:
        """Whether a line of table 二 or 三 is landed."""
        return self.requests.has(line) or self.disclosures.has(line)

    def mark(self, line: str, place: str, reason: str) -> None:
        """Mark all cells of a line of the form."""
        if line in self.form.channels:
            self.reviews.mark(line, place, reason)
        elif any(line == code for _, code in self.form.cells):
            self.disclosures.mark(line, place, reason)
        else:
            self.requests.mark(line, place, reason)

    def _sheet(self, worded: Worded) -> Sheet:
        table, words = worded.table, worded.words
        wanted = len(self.form.applicants)
        usual = usual_count(words) if table.is_typed else 0
        return Sheet(
            table,
            is_extra=not table.is_flow and not worded.names_form,
            usual_count=usual,
            is_exact=table.is_flow and usual == wanted,
            has_no_fillers=table.is_flow and has_no_fillers(words, wanted),
        )

    def _continued(self, sheet: Sheet, rows: list[Row], words: list[Words]) -> None:
        """A table with values and no word of the form: the last row of table 四, or no part."""
        has_other_headings = any(
            word.key and not word.is_value and not word.is_blank for row in words for word in row
        )
        for grid_row, row_words in zip(rows, words, strict=True):
            if has_other_headings:  # what stands below them is something else
                break
            row = FormRow(sheet, grid_row, row_words, is_last=False)
            if row_words.are_values and self.reviews.is_open:
                self._review_row(row)
            elif row_words.are_values and len(grid_row.texts) >= self.reviews.wanted:
                self.reviews.doubtful.append(row)
        if not self.reviews.is_done and not self.reviews.doubtful:
            place = sheet.table.place
            self.reading.notes.append(f"{place} is no part of the form: no label of it there")

    def _row(self, row: FormRow) -> None:
        """A row without the label of a line: a heading, or one that is still to be named."""
        words = row.words
        has_value = words.roles & VALUE
        if self.disclosures.is_heading(words) and not has_value:
            self.disclosures.read_heading(row.row, words)
            self.is_in = "disclosures"
        elif all(word.is_article or word.is_blank for word in words):
            self.disclosures.end_of_article()
        elif not has_value and self.requests.is_heading(words):
            self.requests.read_heading(row, goes_on=self.is_in == "requests")
            self.is_in = "requests"
        elif not has_value and self.reviews.is_heading(words):
            self.reviews.read_heading(row.row)
            self.is_in = "reviews"
        else:
            self._data_row(row)

    def _data_row(self, row: FormRow) -> None:
        if row.words.roles & TOGETHER:
            for line in [word.run_together for word in row.words if word.run_together]:
                reason = "label and numbers run together without a separator"
                self._forget_extra(row, line)
                self.mark(line, row.place, reason)
            return
        label = self._label(row.words)
        if label is None:
            self._row_without_label(row)
            return
        word = row.words[label]
        line = word.disclosure_line or word.request_line
        if row.sheet.is_extra and self._is_extra_row(row, line):
            return
        if self._extra:
            self._forget_extra(row, line)
        if word.read_as and not row.words.roles & VALUE:
            self.bare[line] = row
        if word.disclosure_line and not word.request_line:
            self.is_in = "disclosures"
            is_whole = self.disclosures.read_row(row, label)
        else:
            self.is_in = "requests"
            is_whole = self.requests.read_row(row, label)
        if not is_whole:
            self._say_cut(row)

    def _review_row(self, row: FormRow) -> None:
        self.is_in = "reviews"
        if not self.reviews.read_row(row):
            self._say_cut(row)

    def forget(self, line: str) -> None:
        """Leave a line of table 二 or 三 as if it had not been met."""
        self.requests.forget(line)
        self.disclosures.forget(line)

    def _is_extra_row(self, row: FormRow, line: str) -> bool:
        """Whether a row of a table without headings repeats a line: a table beside the form's.

        What such a table gave for a line before the form itself did is forgotten.
        """
        if self.has(line) and line not in self._extra:
            self.reading.say(f"{row.place} repeats a line under no headings of the form: left out")
            return True
        self._extra.add(line)
        return False

    def _forget_extra(self, row: FormRow, line: str) -> None:
        if line in self._extra and not row.sheet.is_extra:
            self._extra.discard(line)
            self.forget(line)

    def _label(self, words: list[Word]) -> int | None:
        """The cell that names the line: the last label before the first value."""
        found = None
        is_counted = len(words) > 1 and words[0].is_value and words[1].is_line
        for index, word in enumerate(words):
            if index == 0 and is_counted and len(word.key) <= LONGEST_ORDINAL:
                continue  # 序号
            if word.is_value:
                break
            if word.request_line == "other_other" and not self.requests.may_be_other(words[:index]):
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

    def _row_without_label(self, row: FormRow) -> None:
        has_value = row.words.roles & VALUE
        if self.reviews.is_open and self.reviews.may_be_its_row(row):
            self._review_row(row)
            return
        if row.words.are_values:
            if self.reviews.goes_on(row):
                self._review_row(row)
                return
            if _is_value_row(row.words):
                self.reviews.doubtful.append(row)
                return
        if row.is_last and self.is_in and not has_value:
            self._say_cut(row)
        elif self.is_in and (has_value or self.reviews.is_open or self._looks_like_a_line(row)):
            self._unnamed(row)

    def _looks_like_a_line(self, row: FormRow) -> bool:
        """Whether a row with no value and no label may still be a line of the form, blank."""
        texts = [
            text
            for text, word in zip(row.row.texts, row.words, strict=True)
            if not word.is_blank and not word.is_form
        ]
        blanks = sum(word.is_blank for word in row.words)
        if len(texts) == 1 and self.form.is_section(texts[0]):
            return False
        return bool(texts) and blanks >= 3 and bool(self.form.nearest(texts[-1]))

    def _unnamed(self, row: FormRow) -> None:
        texts = [
            text
            for text, word in zip(row.row.texts, row.words, strict=True)
            if not word.is_value and not word.is_blank and not word.is_group
        ]
        said = texts[-1][:30] if texts else ""
        near = self.form.nearest(said) if said else []
        note = (
            f"{row.place}: no line of the form is called “{said}”"
            if said
            else f"{row.place}: a row of values without a label"
        )
        if near:
            note += f" (nearest: {', '.join(near)})"
        self.unnamed.setdefault(self.is_in, []).append(note)
        self.reading.notes.append(note)

    def _say_cut(self, row: FormRow) -> None:
        self.cut = f"the document ends inside {row.place}"


def _is_value_row(words: list[Word]) -> bool:
    return sum(word.is_value for word in words) >= 15


def _has_fifteen(row: Row) -> bool:
    return row.colspans == (1,) * 15
