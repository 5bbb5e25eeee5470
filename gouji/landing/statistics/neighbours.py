"""The years beside a report, by which figures that its copy ran together may be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.landing.reading import UNREADABLE
from gouji.landing.statistics.runs import tell_apart_by_neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.landing.statistics.reading import RawRow, StatisticsReading
    from gouji.landing.statistics.runs import Known
    from gouji.landing.store import RawTables, Report


def settle_runs(landing: Sequence[tuple[Report, StatisticsReading]], tables: RawTables) -> None:
    """Tell apart what is left run together in reports about to be landed, year by year.

    Each report that is settled may settle the next; its rows are written into the report.

    Args:
        landing: the reports with their annexes.
        tables: what was landed before.
    """
    waiting = [(report, annex) for report, annex in landing if annex.runs()]
    while waiting:
        for report, annex in waiting:
            agency_id, year = report.row["agency_id"], int(report.row["report_year"])
            before, after = (
                _figures_of(agency_id, beside, landing, tables) for beside in (year - 1, year + 1)
            )
            tell_apart_by_neighbours(annex, before, after)
            report.rows["raw_statistics"] = annex.raw_rows()
        settled = [(report, annex) for report, annex in waiting if not annex.runs()]
        waiting = [(report, annex) for report, annex in waiting if annex.runs()]
        if not settled:
            return


def _figures_of(
    agency_id: str,
    year: int,
    landing: Sequence[tuple[Report, StatisticsReading]],
    tables: RawTables,
) -> Known:
    """The figures of a body's year by indicator, as far as they are read."""
    reports = tables.editions(agency_id, year) + [
        report
        for report, _ in landing
        if (report.row["agency_id"], report.row["report_year"]) == (agency_id, str(year))
    ]
    known: Known = {}
    for report in reports:
        known |= _read_in(report.rows.get("raw_statistics", ()))
    return known


def _read_in(rows: Sequence[RawRow]) -> Known:
    found: dict[str, dict[str, str]] = {}
    for _, _, indicator, column, _, printed in rows:
        if indicator and printed != UNREADABLE:
            found.setdefault(indicator, {})[column] = printed
    return {
        indicator: (figures["year"], figures["cumulative"])
        for indicator, figures in found.items()
        if {"year", "cumulative"} <= figures.keys()
    }
