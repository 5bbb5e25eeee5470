"""The three tables of the national form, laid out as it is printed, from the reference seeds.

A layout knows headings and places of cells, merged as on the form; it holds no figure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from gouji.findings.words import ADVICE, TABLE_TITLES_EN, TABLE_TITLES_ZH
from gouji.site.words import Words, both, words
from gouji.warehouse_file import Record

# What table 二 is printed under.
ARTICLE_20 = re.compile("第二十条第（([一二三四五六七八九十])）项")
NUMERALS = "〇一二三四五六七八九十"

Scope = Literal["col", "colgroup", "row", "rowgroup"]


@dataclass(frozen=True)
class Heading:
    """A printed heading; it spans rows and columns as on the form."""

    text: Words
    rows: int = 1
    columns: int = 1
    scope: Scope = "col"


@dataclass(frozen=True)
class Place:
    """Where a cell stands; `columns` are those of the drawing that it spans."""

    form_table: str
    line_code: str
    column_code: str
    columns: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the cell in its report."""
        return self.form_table, self.line_code, self.column_code


Row = tuple[Heading | Place, ...]


@dataclass(frozen=True)
class Grid:
    """A table of the form: the rows of its head, and the parts of its body."""

    form_table: str
    title: Words
    head: tuple[Row, ...]
    parts: tuple[tuple[Row, ...], ...]

    def places(self) -> Iterable[Place]:
        """Give the places of all cells, in the order of the form."""
        for part in self.parts:
            for row in part:
                yield from (item for item in row if isinstance(item, Place))


def anchor(form_table: str, line_code: str, column_code: str) -> str:
    """Name a cell's place on the page of its report: `requests-granted-total`."""
    return f"{form_table}-{line_code}-{column_code}"


@dataclass(frozen=True)
class Form:
    """The vocabulary of both layouts.

    Args:
        lines: rows of `queries/form_lines.sql`, in the order of the form.
        columns: rows of `queries/form_columns.sql`, in the order of the form.
    """

    lines: Sequence[Record]
    columns: Sequence[Record]

    def grids(self, layout: str, request_lines: frozenset[str]) -> tuple[Grid, ...]:
        """Lay out the tables of a report.

        Args:
            layout: `2019` or `2021`.
            request_lines: the lines of table 三 that the report answers for: （六）其他处理 is one
                row in some reports and three in others.
        """
        return (
            self._disclosures(layout),
            self._requests(layout, request_lines),
            self._reviews(layout),
        )

    def short_labels(self, layout: str) -> dict[str, Words]:
        """Give the labels of a layout's lines and columns by code, without the form's advice."""
        return {
            code: both(ADVICE.sub("", record["label_zh"]), record["label_en"])
            for code, record in (
                *((column["column_code"], column) for column in self.columns),
                *((line["line_code"], line) for line in self.lines),
            )
            if record["layout"] in (layout, None)
        }

    def _lines(self, layout: str, form_table: str) -> list[Record]:
        return [
            line
            for line in self.lines
            if (line["layout"], line["form_table"]) == (layout, form_table)
        ]

    def _columns(self, form_table: str, layout: str | None = None) -> list[Record]:
        return [
            column
            for column in self.columns
            if column["form_table"] == form_table and column["layout"] in (layout, None)
        ]

    def _disclosures(self, layout: str) -> Grid:
        """Lay out table 二: an article of the regulations, its heading, its lines."""
        columns = self._columns("disclosures", layout)
        measures = {
            line: list(group) for line, group in groupby(columns, lambda row: row["line_code"])
        }
        width = max(map(len, measures.values()))
        parts = []
        lines = self._lines(layout, "disclosures")
        for article, group in groupby(lines, lambda row: row["legal_article"]):
            of_article = list(group)
            titles = measures[of_article[0]["line_code"]]
            top: Row = (Heading(_article(article), 1, width + 1, "colgroup"),)
            heading: Row = (
                Heading(words("form.content")),
                *(
                    Heading(_label(title), 1, span)
                    for title, span in zip(titles, _spans(len(titles), width), strict=True)
                ),
            )
            rows = tuple(
                _disclosure_row(line, measures[line["line_code"]], width) for line in of_article
            )
            parts.append((top, heading, *rows))
        return Grid("disclosures", table_title("disclosures"), (), tuple(parts))

    def _requests(self, layout: str, shown: frozenset[str]) -> Grid:
        """Lay out table 三: three columns of labels, then the applicants."""
        columns = self._columns("requests")
        parts = [column for column in columns if column["kind"] == "leaf"]
        person, *bodies = parts
        (total,) = (column for column in columns if column["kind"] == "total")
        head: tuple[Row, ...] = (
            (
                Heading(words("form.identity"), 3, 3),
                Heading(words("form.applicants"), 1, len(columns), "colgroup"),
            ),
            (
                Heading(_label(person), 2),
                Heading(words("form.bodies"), 1, len(bodies), "colgroup"),
                Heading(_label(total), 2),
            ),
            tuple(Heading(_label(body)) for body in bodies),
        )
        codes = [column["column_code"] for column in columns]
        lines = [line for line in self._lines(layout, "requests") if line["line_code"] in shown]
        body: list[Row] = []
        for is_outcome, group in groupby(lines, lambda line: line["is_outcome"]):
            if is_outcome:
                first, *rest = _outcome_rows(list(group), codes)
                whole = Heading(words("form.outcomes"), 1 + len(rest), 1, "rowgroup")
                body += [(whole, *first), *rest]
            else:
                body += [
                    (Heading(_label(line), 1, 3, "row"), *_places(line, codes)) for line in group
                ]
        return Grid("requests", table_title("requests"), head, (tuple(body),))

    def _reviews(self, layout: str) -> Grid:
        """Lay out table 四: one row of figures under three headings."""
        results = self._columns("reviews")
        review, *lawsuits = self._lines(layout, "reviews")
        labels = [Heading(_label(result)) for result in results]
        head: tuple[Row, ...] = (
            (
                Heading(_label(review), 1, len(results), "colgroup"),
                Heading(words("form.litigation"), 1, len(lawsuits) * len(results), "colgroup"),
            ),
            (
                *(Heading(label.text, 2) for label in labels),
                *(
                    Heading(both(line["short_zh"], line["short_en"]), 1, len(results), "colgroup")
                    for line in lawsuits
                ),
            ),
            tuple(labels * len(lawsuits)),
        )
        figures = tuple(
            Place("reviews", line["line_code"], result["column_code"])
            for line in (review, *lawsuits)
            for result in results
        )
        return Grid("reviews", table_title("reviews"), head, ((figures,),))


def table_title(form_table: str) -> Words:
    """Give a table's heading as the form prints it."""
    title = both(TABLE_TITLES_ZH[form_table], TABLE_TITLES_EN[form_table])
    return words(f"form.{form_table}", title_zh=title.zh, title_en=title.en)


def _article(article: str) -> Words:
    """Name an article of the regulations: 第二十条第（一）项, which is article 20 (1)."""
    item = ARTICLE_20.fullmatch(article)
    english = f"article 20 ({NUMERALS.index(item[1])})" if item else article
    return words("form.article", article_zh=article, article_en=english)


def _label(record: Record) -> Words:
    return both(record["label_zh"], record["label_en"])


def _spans(items: int, width: int) -> list[int]:
    """Spread items over a width: the last one takes what is left."""
    return [1] * (items - 1) + [width - items + 1]


def _disclosure_row(line: Record, measures: Sequence[Record], width: int) -> Row:
    places = (
        Place("disclosures", line["line_code"], measure["column_code"], span)
        for measure, span in zip(measures, _spans(len(measures), width), strict=True)
    )
    return (Heading(_label(line), scope="row"), *places)


def _places(line: Record, codes: Iterable[str]) -> Iterable[Place]:
    return (Place("requests", line["line_code"], code) for code in codes)


def _outcome_rows(lines: Sequence[Record], codes: Sequence[str]) -> Iterable[Row]:
    """Give the rows beside 三: an outcome with grounds stands over them, merged."""
    for group, group_lines in groupby(lines, lambda line: (line["group_zh"], line["group_en"])):
        of_group = list(group_lines)
        grounds = [line for line in of_group if line["is_ground"]]
        for line in of_group:
            labels: Row = (Heading(_label(line), scope="row"),)
            if not line["is_ground"]:
                labels = (Heading(_label(line), 1, 2, "row"),)
            elif line is grounds[0]:
                labels = (Heading(both(*group), len(grounds), 1, "rowgroup"), *labels)
            yield (*labels, *_places(line, codes))
