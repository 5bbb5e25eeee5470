"""What a document holds of the old annex: its rows as landed, each with its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from gouji.landing.reading import UNREADABLE
from gouji.landing.vocabulary import MOST_DIGITS

RawRow = tuple[str, ...]
COLUMNS = ("year", "cumulative")  # whose figures a copy may run together, in this order


@dataclass(slots=True)
class AnnexRow:
    """A row of the annex: its label and unit as printed, and its figures by column.

    `run` are digits that a copy ran together: of two figures, which are told apart later or not at
    all.
    """

    number: int  # its place among the rows, from 1
    place: str
    label: str
    unit: str
    indicator: str  # empty where no indicator is called so
    code: str = ""  # as printed beside the label
    figures: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    run: str = ""

    def mark(self, columns: tuple[str, ...], reason: str) -> None:
        """Mark the row's figures as not to be read with certainty."""
        for column in columns:
            self.figures[column] = UNREADABLE
            self.marks[column] = reason

    def splits(self) -> list[tuple[str, str]]:
        """The ways in which the run may be two figures; the first is no more than the second.

        A figure does not begin with 0 unless it is 0, and the cumulative one takes in the year's.
        """
        pairs = [(self.run[:at], self.run[at:]) for at in range(1, len(self.run))]
        return [
            (year, total)
            for year, total in pairs
            if not _has_needless_zero(year)
            and not _has_needless_zero(total)
            and int(year) <= int(total)
        ]


@dataclass(slots=True)
class StatisticsReading:
    """The annex of a document: the columns of its figures and its rows."""

    columns: tuple[str, ...]
    rows: list[AnnexRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    head_years: set[int] = field(default_factory=set)  # that its headings name

    @property
    def indicators(self) -> set[str]:
        """The indicators that its rows name."""
        return {row.indicator for row in self.rows if row.indicator}

    def runs(self) -> list[AnnexRow]:
        """The rows of which the figures are not told apart."""
        return [row for row in self.rows if row.run]

    def check_codes(self, codes: dict[str, str]) -> None:
        """Mark the rows beside which another code is printed than their form has for their words.

        Args:
            codes: of the form: indicator -> code; places number the same words otherwise.
        """
        for row in self.rows:
            due = codes.get(row.indicator)
            if due and is_number(row.code) and int(row.code) != int(due):
                row.run = ""
                row.mark(self.columns, f"its code is {row.code}, that of its words {due}")

    def raw_rows(self) -> list[RawRow]:
        """The rows of `raw_statistics` without the report's id, a row for each cell.

        Figures that are still run together are `?`.
        """
        return [
            (
                str(row.number),
                row.label,
                row.indicator,
                column,
                row.unit,
                UNREADABLE if row.run else row.figures.get(column, ""),
            )
            for row in self.rows
            for column in self.columns
        ]

    def held(self) -> int:
        """How many cells are landed, the marked ones among them."""
        return len(self.rows) * len(self.columns)

    def marked(self) -> int:
        """How many cells are marked."""
        return sum(len(self.columns) if row.run else len(row.marks) for row in self.rows)

    def blank(self) -> int:
        """How many cells are blank: read, with nothing printed in them."""
        return sum(
            not row.figures.get(column, "")
            for row in self.rows
            if not row.run
            for column in self.columns
        )

    def reasons(self) -> list[str]:
        """Why cells are marked."""
        return sorted(
            {f"{row.place}: {reason}" for row in self.rows for reason in row.marks.values()}
            | {f"{row.place}: {ran_together(row)}" for row in self.runs()}
        )


def pack(reading: StatisticsReading, document: str) -> str:
    """The places of a reading's rows as a JSON object, with the reasons of marks."""
    content: dict[str, object] = {
        "document": document,
        "statistics": {str(row.number): row.place for row in reading.rows},
    }
    if marks := reading.reasons():
        content["marks"] = {str(number): mark for number, mark in enumerate(marks, start=1)}
    return json.dumps(content, ensure_ascii=False)


def ran_together(row: AnnexRow) -> str:
    """The reason why the figures of a row are not told apart."""
    return (
        f"“{row.label}{row.unit}{row.run}” runs two figures together, and more than one way of "
        "parting them fits: land it with the report of the year before or after, or from its page"
    )


def is_number(text: str) -> bool:
    """Whether a text is a plain whole number that a count can be."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def _has_needless_zero(figure: str) -> bool:
    return len(figure) > 1 and figure.startswith("0")
