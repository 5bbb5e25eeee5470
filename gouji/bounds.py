"""How large sums can be, where some of their cells hold no number."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import NamedTuple

import duckdb

from gouji.findings.read import query
from gouji.sql import sql

# Beside more reports with a blank no sum is bounded: it would take longer than what is asked.
MOST_REPORTS = 1_000


class OpenSum(NamedTuple):
    """The sum of a report of which some cells hold no number, and what it is added to, how often.

    `value` is what its other cells add up to; none where no cell holds a number.
    """

    group: Hashable
    report_id: str
    measure: str
    value: int | None
    times: int = 1


def rooms_of(
    connection: duckdb.DuckDBPyConnection, sums: Iterable[OpenSum]
) -> dict[Hashable, int | None] | None:
    """Give by group how much more it can hold than its sums do; none where one has no bound.

    A sum is bounded by printed totals and by the balance: `models/intermediate/cells/`,
    `int_sums_at_most`. Nothing where there are more than `MOST_REPORTS` reports: no group has a
    bound, and the rest of the sums is not read.
    """
    taken: list[OpenSum] = []
    reports: set[str] = set()
    for one in sums:
        taken.append(one)
        reports.add(one.report_id)
        if len(reports) > MOST_REPORTS:
            return None
    bounds = _bounds(connection, reports, {one.measure for one in taken})
    rooms: dict[Hashable, list[int | None]] = defaultdict(list)
    for one in taken:
        bound = bounds.get((one.report_id, one.measure))
        room = None if bound is None else one.times * (bound - (one.value or 0))
        rooms[one.group].append(room)
    return {group: _sum_if_all_are_there(found) for group, found in rooms.items()}


def at_most(value: int | None, room: int | None) -> int | None:
    """How much a sum is at most, by its room in its group; none where nothing bounds it."""
    return None if room is None else (value or 0) + room


def _bounds(
    connection: duckdb.DuckDBPyConnection, reports: Collection[str], measures: Collection[str]
) -> dict[tuple[str, str], int | None]:
    """How large the sums of reports can be, by report and measure; none where nothing says so."""
    if not reports:
        return {}
    asked = sql("queries/sums_at_most.sql", count=len(reports), measures=sorted(measures))
    named: dict[str, object] = {f"r{place}": report for place, report in enumerate(sorted(reports))}
    return {
        (row["report_id"], measure): row[measure]
        for row in query(connection, asked, named)
        for measure in measures
    }


def _sum_if_all_are_there(values: Sequence[int | None]) -> int | None:
    found = [value for value in values if value is not None]
    return sum(found) if len(found) == len(values) else None
