"""What got worse with a build, or with the days since: what somebody is to be told of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from gouji.memory import limit
from gouji.sql import quoted, sql
from gouji.warehouse_file import Record, reading, records

EARLIER = "earlier"
TABLES = ("quality.issues", "marts.dim_report", "marts.report_calendar")
# What each kind is called, and how a row of it is written.
KINDS: Mapping[str, tuple[str, str]] = {
    "broken_checks": ("Newly broken checks", "{report_id} {identity_id} {slice}"),
    "revised_reports": ("Revised reports", "{report_id}"),
    "coverage": (
        "Years with fewer reports, or fewer of those expected",
        (
            "{report_year}: {reports} reports, were {reports_before};"
            " {held} of {due} expected, were {held_before} of {due_before}"
        ),
    ),
    "late_reports": (
        "Reports late, or past their day and not landed",
        "{agency_id} for {report_year}: {state}, due {due_on}",
    ),
}
ROWS_KEPT = 1000
ROWS_WRITTEN = 10


@dataclass(frozen=True)
class Worse:
    """One kind of thing that got worse: how many there are, and the first rows."""

    kind: str
    count: int
    rows: Sequence[Record]

    def as_text(self) -> str:
        """Say it in lines for people."""
        called, row_as = KINDS[self.kind]
        lines = [f"{called}: {self.count:,}"]
        lines += [f"  {row_as.format(**row)}" for row in self.rows[:ROWS_WRITTEN]]
        more = self.count - min(len(self.rows), ROWS_WRITTEN)
        return "\n".join([*lines, *([f"  and {more:,} more"] if more else [])])


def got_worse(database: Path, earlier: Path, since: date, today: date) -> list[Worse]:
    """Compare a new database with the one that was published before it.

    Args:
        database: the new one.
        earlier: the one before, or a copy of it; nothing got worse where there is none, or it is of
            a version that had no calendar.
        since: the day on which somebody last looked for reports whose day had passed.
        today: such a day is past if it is before this one.
    """
    if not earlier.is_file():
        return []
    with reading(database) as connection:
        limit(connection).execute(f"attach '{quoted(earlier)}' as {EARLIER} (read_only)")
        if not _has_tables(connection):
            return []
        found = {kind: _find(connection, kind, f"{EARLIER}.", since, today) for kind in KINDS}
    return [_kept(kind, rows) for kind, rows in found.items() if rows]


def got_late(database: Path, since: date, today: date) -> list[Worse]:
    """Say of which reports the day has passed, though nothing was built since somebody looked."""
    with reading(database) as connection:
        rows = _find(connection, "late_reports", "", since, today)
    return [_kept("late_reports", rows)] if rows else []


def _find(
    connection: duckdb.DuckDBPyConnection, kind: str, earlier: str, since: date, today: date
) -> list[Record]:
    query = sql(f"publish/queries/worse/{kind}.sql", earlier=earlier)
    days = {"since": since, "today": today} if "$today" in query else {}
    return records(connection, query, days)


def _kept(kind: str, rows: Sequence[Record]) -> Worse:
    return Worse(kind, len(rows), [_plain(row) for row in rows[:ROWS_KEPT]])


def _plain(row: Record) -> Record:
    """A row as JSON has it: days as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def _has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = ?",
        [EARLIER],
    ).fetchall()
    return {name for (name,) in found} >= set(TABLES)
