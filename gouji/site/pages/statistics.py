"""A body's figures of 2008 to 2018, in forms that are not today's: apart from its series."""

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.site.numbers import number
from gouji.site.pages.series import Figure
from gouji.site.words import Words, both, code_words, same, words
from gouji.warehouse_file import Record

COLUMNS = ("year", "cumulative")


@dataclass(frozen=True)
class Annexes:
    """The annexes of a body.

    Args:
        years: each with the words of its form and the address of its report.
        rows: for each indicator its label, whether it is a part of the one above, two figures for
            each year (of the year, of all years), and what it may be laid beside today.
    """

    years: Sequence[tuple[int, Words, str | None]]
    rows: Sequence[tuple[Words, bool, Sequence[Figure], Words]]


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
            (year, both(one["layout_zh"], one["layout_en"]), one["source_url"])
            for year, one in sorted(reports.items())
        ],
        rows=[_row(found, years) for found in of_indicators.values()],
    )


def _row(
    found: dict[tuple[int, str], Record], years: Sequence[int]
) -> tuple[Words, bool, Sequence[Figure], Words]:
    one = next(iter(found.values()))
    label = both(one["label_zh"], one["label_en"])
    if one["unit"] == "yuan":
        label = words("statistics.in_yuan", label=label)
    beside = words("statistics.not_told")
    if one["comparison"]:
        beside = words(
            "statistics.beside",
            how=code_words("comparison", one["comparison"]),
            why=both(one["reason_zh"], one["reason_en"]),
        )
    figures = [_figure(found.get((year, column))) for year in years for column in COLUMNS]
    return label, one["is_part"], figures, beside


def _figure(cell: Record | None) -> Figure:
    """A cell's number, or why it has none; nothing where the form has no such cell."""
    if cell is None:
        return Figure(same(""), None)
    if cell["value_status"] == "reported":
        return Figure(same(number(cell["value"])), float(cell["value"]))
    return Figure(code_words("mark", cell["value_status"]), None)
