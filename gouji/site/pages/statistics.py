"""A body's figures of 2008 to 2018, in forms that are not today's: a table beside its series."""

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.site.page import number
from gouji.site.words import Words, both, code_words, same, words
from gouji.warehouse_file import Record


@dataclass(frozen=True)
class Annexes:
    """The annexes of a body.

    Args:
        years: each with its report's id, the words of its form and the address of its report.
        rows: for each indicator its label, whether it is a part of the one above, a figure of the
            year and one of all years for each year, and what it may be laid beside today.
    """

    years: Sequence[tuple[int, str, Words, str | None]]
    rows: Sequence[tuple[Words, bool, Sequence[tuple[Words, Words]], Words]]


def annexes_of(cells: Sequence[Record]) -> Annexes:
    """Lay out the figures of one body, rows of `queries/statistics.sql`."""
    reports = {cell["report_year"]: cell for cell in cells}
    of_indicators: dict[str, dict[tuple[int, str], Record]] = {}
    for cell in cells:
        place = (cell["report_year"], cell["column_code"])
        of_indicators.setdefault(cell["indicator_code"], {})[place] = cell
    years = sorted(reports)
    return Annexes(
        years=[
            (
                year,
                reports[year]["report_id"],
                both(reports[year]["layout_zh"], reports[year]["layout_en"]),
                reports[year]["source_url"],
            )
            for year in years
        ],
        rows=[_row(found, years) for found in of_indicators.values()],
    )


def _row(
    found: dict[tuple[int, str], Record], years: Sequence[int]
) -> tuple[Words, bool, Sequence[tuple[Words, Words]], Words]:
    one = next(iter(found.values()))
    beside = words("statistics.not_told")
    if one["comparison"]:
        beside = words(
            "statistics.beside",
            how=code_words("comparison", one["comparison"]),
            why=both(one["reason_zh"], one["reason_en"]),
        )
    label = both(one["label_zh"], one["label_en"])
    if one["unit"] == "yuan":
        label = words("statistics.in_yuan", label=label)
    figures = [
        (_shown(found.get((year, "year"))), _shown(found.get((year, "cumulative"))))
        for year in years
    ]
    return label, one["is_part"], figures, beside


def _shown(cell: Record | None) -> Words:
    """What a cell shows: its number, or why it has none."""
    if cell is None:
        return same("")
    if cell["value_status"] == "reported":
        return same(number(cell["value"]))
    return code_words("mark", cell["value_status"])
