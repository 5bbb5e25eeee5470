"""The figures of the whole country: what was asked, granted and denied, by year and with coverage.

Each is taken two ways: every body once, and bodies' own reports alone (see `field_years.sql`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gouji.site.numbers import span
from gouji.site.page import Site
from gouji.site.pages.series import COUNTRY_CHARTS, Series, put_bounds, series_of
from gouji.site.tables import Cell, Column, Sum, Table, sum_of
from gouji.site.words import Words, words
from gouji.warehouse_file import Record

# Of those processed; each stands beside what it is without the cells in doubt.
SHARES = ("granted", "denied", "unavailable")
# What was corrected or lost, of what was concluded.
CASES = {"reviews_corrected": "reviews_concluded", "lawsuits_lost": "lawsuits_concluded"}
# Between them they count every cell behind a row once.
WHOLES = ("new_requests", "processed", *CASES.values())


@dataclass(frozen=True)
class Field:
    """What the first page says of the country.

    Args:
        year: the year with most reports, the latest of equals: one that is still coming in does
            not stand for the country.
        latest: the figures of that year, every body once.
        charts: the figures over the years, every body once.
        once: the table of all years, every body once.
        own: the table of all years, bodies' own reports alone.
    """

    year: int
    latest: dict[str, Any]
    charts: Sequence[Series]
    once: Table
    own: Table


def field_of(site: Site) -> Field | None:
    """Read the figures of the country; none where no report lies in a province."""
    rows = site.rows("field_years")
    put_bounds(site, "scope", rows)
    once, own = ([row for row in rows if row["scope"] == scope] for scope in ("once", "own"))
    if not once:
        return None
    shown = max(once, key=lambda row: (row["reports"], row["report_year"]))
    return Field(
        year=shown["report_year"],
        latest=_latest(shown),
        charts=series_of(_by_measure(once), COUNTRY_CHARTS, _covers(once)),
        once=_table("field-once", once),
        own=_table("field-own", own),
    )


def share(row: Record, part: str, *, without_doubtful: bool = False) -> float | None:
    """Give the share that a part is of those processed; none where none was."""
    less = {
        name: row[f"{name}_doubtful"] if without_doubtful else 0 for name in (part, "processed")
    }
    if row[part] is None or not row["processed"]:
        return None
    whole = row["processed"] - less["processed"]
    return float(row[part] - less[part]) / float(whole) if whole else None


def _covers(rows: Sequence[Record]) -> Words | None:
    """Say of how many reports the figures are where not every province's own is among them."""
    counted = [row["reports_counted"] for row in rows if not row["is_whole"]]
    if not counted:
        return None
    return words("field.covers", reports=span(min(counted), max(counted)))


def _latest(row: Record) -> dict[str, Any]:
    return {
        "row": row,
        "new_requests": sum_of(row, "new_requests"),
        # a share is of the cells that hold a number: what the others may hold is none of it
        "processed": Sum(row["processed"], row["processed_not_reported"]),
        "shares": {
            part: (share(row, part), share(row, part, without_doubtful=True)) for part in SHARES
        },
        "cases": {part: (sum_of(row, part), sum_of(row, whole)) for part, whole in CASES.items()},
    }


def _table(name: str, rows: Sequence[Record]) -> Table:
    columns = [
        Column(words("column.year")),
        Column(words("field.held"), is_number=True),
        Column(words("field.counted"), is_number=True),
        Column(words("measure.new_requests"), is_number=True),
        Column(words("measure.processed"), is_number=True),
        Column(words("field.without_number"), is_number=True),
    ]
    for part in SHARES:
        measure = words(f"measure.{part}")
        columns += [
            Column(measure, is_share=True),
            Column(words("field.without_doubtful", measure=measure), is_share=True),
        ]
    for part, whole in CASES.items():
        columns += [
            Column(words(f"measure.{whole}"), is_number=True),
            Column(words(f"measure.{part}"), is_number=True),
        ]
    return Table(
        name=name,
        caption=words(f"field.table.{name.removeprefix('field-')}"),
        columns=columns,
        rows=[_row(row) for row in rows],
    )


def _row(row: Record) -> list[Cell]:
    cells: list[Cell] = [
        str(row["report_year"]),
        row["reports"],
        row["reports_counted"],
        sum_of(row, "new_requests"),
        sum_of(row, "processed"),
        sum(row[f"{measure}_not_reported"] for measure in WHOLES),
    ]
    for part in SHARES:
        cells += [share(row, part), share(row, part, without_doubtful=True)]
    for part, whole in CASES.items():
        cells += [sum_of(row, whole), sum_of(row, part)]
    return cells


def _by_measure(rows: Sequence[Record]) -> list[Record]:
    """Give a row for each year and measure, as the charts of a body have them."""
    by_year = {row["report_year"]: row for row in rows}
    return [
        _figure(by_year.get(year), year, measure)
        for year in range(min(by_year), max(by_year) + 1)
        for measures in COUNTRY_CHARTS.values()
        for measure in measures
    ]


def _figure(row: Record | None, year: int, measure: str) -> Record:
    figure: Record = {
        "report_year": year,
        "measure": measure,
        "layout": row and row["layout"],
        "is_reported": row is not None,
        "is_whole": row is not None and row["is_whole"],
        "value": None,
        "not_reported": 0,
        "at_most": None,
    }
    if row is None:
        return figure
    part = measure.removesuffix("_rate")
    if part != measure:
        missing = row["processed_not_reported"]
        return figure | {"value": share(row, part), "not_reported": missing}
    return figure | {
        "value": row[measure],
        "not_reported": row[f"{measure}_not_reported"],
        "at_most": row[f"{measure}_at_most"],
    }
