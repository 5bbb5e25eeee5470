"""Table 二: each line under the headings of its own article."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.form.cells import (
    FormRow,
    Unclear,
    are_blank,
    in_columns,
    refuse_foreign,
    refuse_strange,
    trim,
)
from gouji.landing.form.words import Words
from gouji.landing.grid import Cell, Row
from gouji.landing.reading import CellRead, Reading, marked, one_of
from gouji.landing.vocabulary import INFORMATION, LINE, MEASURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.landing.vocabulary import Form, Word


class _Heading(NamedTuple):
    """A heading row: the measures under which the cells stand."""

    cells: list[Cell]
    words: list[Word]
    codes: list[str | None]  # of the measures, None for a heading that names none of the layout
    width: int
    before: int  # cells before the first measure


class Disclosures:
    """Reads the rows of table 二 under the last headings met."""

    name = "disclosures"

    def __init__(self, form: Form, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.heading: _Heading | None = None

    def is_heading(self, words: Words) -> bool:
        """Whether a row holds the names of measures."""
        return bool(words.roles & (MEASURE | INFORMATION)) and not words.roles & LINE

    def read_heading(self, row: Row, words: list[Word]) -> None:
        """Take the measures that a row names for those of the rows that follow."""
        # 信息内容 may stand twice, where a merged cell was taken apart.
        start = max((i + 1 for i, word in enumerate(words) if word.is_information), default=0)
        cells = row.cells
        pairs = [
            (cell, word)
            for cell, word in zip(cells[start:], words[start:], strict=True)
            if not word.is_blank
        ]
        pairs = self._join_fragments(pairs)
        before = sum(1 for cell in cells if pairs and cell.number < pairs[0][0].number)
        codes = [
            next((code for layout, code in word.measures if layout == self.reading.layout), None)
            for _, word in pairs
        ]
        self.heading = _Heading(
            [cell for cell, _ in pairs], [word for _, word in pairs], codes, row.width, before
        )

    def end_of_article(self) -> None:
        """The next article has headings of its own."""
        self.heading = None

    def read_row(self, row: FormRow, label: int) -> bool:
        """Land a row; False for one at which the document breaks off."""
        line = row.words[label].disclosure_line
        layout = self.reading.layout
        expected = self.form.cells.get((layout, line))
        if row.words[label].read_as:
            self.reading.say_read_as(row.place, row.row.texts[label], row.words[label].read_as)
        if expected is None:
            self.reading.notes.append(
                f"{row.place}: {self.form.labels[line]} is no line of layout "
                f"{layout or '?'}: left out"
            )
            return True
        try:
            cells = self._cells(row, label)
        except Unclear as unclear:
            if row.is_last:
                return False
            self.mark(line, row.place, str(unclear))
            return True
        for measure in expected:
            cell = cells.get(measure)
            self._put(line, measure, cell or marked(row.place, "its heading is not certain"))
        return True

    def mark(self, line: str, place: str, reason: str) -> None:
        """Mark all cells of a line."""
        for measure in self.form.cells.get((self.reading.layout, line), []):
            self._put(line, measure, marked(place, reason))

    def has(self, line: str) -> bool:
        """Whether a line is landed."""
        return any(line == had for had, _ in self.reading.disclosures)

    def forget(self, line: str) -> None:
        """Leave a line as if it had not been met."""
        for key in [key for key in self.reading.disclosures if key[0] == line]:
            del self.reading.disclosures[key]

    def _put(self, line: str, measure: str, cell: CellRead) -> None:
        had = self.reading.disclosures.get((line, measure))
        self.reading.disclosures[line, measure] = one_of(had, cell)

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

    def _cells(self, row: FormRow, label: int) -> dict[str, CellRead]:
        """The cells of a row by measure, without those whose heading is not certain."""
        heading = self.heading
        if heading is None:
            raise Unclear("no headings stand above the row")
        layout = self.reading.layout
        table = row.sheet.table
        grid_row, words = row.row, row.words
        expected = self.form.cells[layout, words[label].disclosure_line]
        if len(heading.cells) > len(expected):
            return self._cells_beside_others(row, label, heading, expected)
        measures = self._measures_under(heading, expected, layout)
        last = len(grid_row.texts) - 1
        if row.is_last and table.is_flow and last - label == len(expected) + 1:
            # A copy that breaks off: what stands last is the beginning of what follows.
            grid_row = Row.of(grid_row.cells[:-1], grid_row.width - 1, grid_row.number)
            words = Words(words[:-1])
        cells = self._under(grid_row, label, words, heading, table.is_typed)
        if row.is_last and table.is_torn and cells[-1] == last:
            raise Unclear("the document ends in its last cell")
        found: dict[str, CellRead] = {}
        place = row.place
        for measure, at, word in zip(measures, cells, heading.words, strict=True):
            if measure is not None:
                text = grid_row.texts[at]
                mark = grid_row.flaws[at] or self._amount_mark(measure, text, word)
                found[measure] = (
                    marked(place, mark, at + 1) if mark else CellRead(text, place, at + 1)
                )
        return found

    def _cells_beside_others(
        self, row: FormRow, label: int, heading: _Heading, expected: list[str]
    ) -> dict[str, CellRead]:
        """The cells under headings that stand twice, or beside others with names of their own.

        Each cell must stand in its column; two under one heading must hold the same, or one of
        them nothing, as where a merged cell was taken apart.
        """
        unclear = Unclear(
            f"{len(heading.cells)} headings stand above where the form has {len(expected)}"
        )
        codes, grid_row = heading.codes, row.row
        named = list(dict.fromkeys(code for code in codes if code is not None))
        if named != expected or any(
            code is None and not self._is_name_of_another(word, expected)
            for code, word in zip(codes, heading.words, strict=True)
        ):
            raise unclear
        data = range(label + 1, len(grid_row.texts))
        refuse_foreign(grid_row, data, row.words)
        columns = [cell.col for cell in heading.cells]
        picked = in_columns(grid_row, data, columns)
        is_even = grid_row.width == heading.width and len(picked) == len(columns)
        if not is_even or not are_blank(grid_row, data, besides=picked):
            raise unclear
        found: dict[str, CellRead] = {}
        for measure in expected:
            under = [at for at, code in zip(picked, codes, strict=True) if code == measure]
            texts = {grid_row.texts[at] for at in under if grid_row.texts[at]}
            word = next(w for w, code in zip(heading.words, codes, strict=True) if code == measure)
            mark = next(filter(None, (grid_row.flaws[at] for at in under)), "")
            if len(texts) > 1:
                mark = mark or f"{len(texts)} numbers stand under one heading"
            text = next(iter(texts), "")
            mark = mark or self._amount_mark(measure, text, word)
            at = next((at for at in under if grid_row.texts[at]), under[0])
            found[measure] = (
                marked(row.place, mark, at + 1) if mark else CellRead(text, row.place, at + 1)
            )
        return found

    def _is_name_of_another(self, word: Word, expected: list[str]) -> bool:
        """Whether a heading has a name, and one that is none of the form's, nor a part of one."""
        if word.measures or word.disclosure_line or word.is_numbering or not word.key:
            return False
        labels = [
            key
            for key, known in self.form.words.items()
            if {code for _, code in known.measures} & {*expected}
        ]
        return not any(
            _is_part(word.key, label) or _is_part(label, word.key) for label in labels
        ) and not get_close_matches(word.key, labels)

    def _amount_mark(self, measure: str, text: str, word: Word) -> str:
        """Why an amount is marked: a heading whose unit is not the form's, and none in the cell."""
        if not word.unit or not text:
            return ""
        unit = self.form.units.get((self.reading.layout, measure), "")
        if unit and word.unit != unit and "元" not in text:
            if text.strip("0.") == "":
                return ""
            return f"its heading gives the unit {word.unit} where the form has {unit}"
        return ""

    def _measures_under(
        self, heading: _Heading, expected: list[str], layout: str
    ) -> list[str | None]:
        """The measure of each heading, None where it is not certain; or `Unclear`."""
        if len(heading.cells) != len(expected):
            raise Unclear(
                f"{len(heading.cells)} headings stand above where the form has {len(expected)}"
            )
        codes = heading.codes
        if codes == expected:  # as on most pages
            return codes
        if any(
            word.measures and code is None for word, code in zip(heading.words, codes, strict=True)
        ):
            cut = [w.key for w, c in zip(heading.words, codes, strict=True) if w.measures and not c]
            # 处理决定数量 under the layout of 2021 is 本年处理决定数量, cut.
            if any(
                not _is_part(key, self.form.labels[want])
                for key, want in zip(cut, expected, strict=False)
            ):
                raise Unclear(f"heading {cut[0]} belongs to the other layout")
        known = [code for code in codes if code is not None]
        if sorted(known) == sorted(expected):
            return codes
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
                self.reading.say(
                    f"heading “{word.key}” is read as {self.form.labels[want]} by its place"
                )
        if not any(result):
            raise Unclear("the headings above are not the form's")
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

    def _under(
        self, row: Row, label: int, words: list[Word], heading: _Heading, is_typed: bool
    ) -> Sequence[int]:
        """Which cells stand under the headings; `Unclear` where they cannot be told apart."""
        data = range(label + 1, len(row.texts))
        wanted = len(heading.cells)
        refuse_foreign(row, data, words)
        if row.width == heading.width:
            if len(data) == wanted and label + 1 == heading.before:
                return data
            picked = in_columns(row, data, [cell.col for cell in heading.cells])
            if len(picked) == wanted:
                if are_blank(row, data, besides=picked):
                    return picked
                raise Unclear("a value stands under no heading of the form")
        refuse_strange(row, data, self.form)
        filled = trim(row, data)
        if len(filled) == wanted and (is_typed or len(data) == wanted):
            return filled
        raise Unclear(f"{len(filled if is_typed else data)} cells where {wanted} are expected")


def _is_part(key: str, label: str) -> bool:
    """Whether a text is what is left of a label that was cut."""
    plain = "".join(char for char in label if char.isalnum() or char == "/")
    return len(key) >= 3 and (plain.startswith(key) or plain.endswith(key))
