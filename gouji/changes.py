"""What a build changed: its values against those of the build before, and what they add up to."""

from dataclasses import dataclass
from pathlib import Path

from gouji.sql import sql
from gouji.warehouse_file import Record, reading, records

# Each value that changed, as `gouji diff --format csv` writes it.
ROWS = (
    "from quality.value_changes order by agency_id, report_year, form_table, line_code, column_code"
)


@dataclass(frozen=True)
class Changes:
    """What a build changed.

    `build` is its row of `quality.run_history` with the time and the reports of the one before;
    `counts` are values by why and table, `totals` lines of the form by year, before and after.
    """

    build: Record
    counts: list[Record]
    totals: list[Record]

    @property
    def is_first(self) -> bool:
        """Whether there was no build before it to hold it against."""
        return self.build["previous_published_at"] is None


def changes_of(database: Path) -> Changes:
    """Read what the build of a database changed.

    Raises:
        WrongCall: there is no such database, or it is of a version that did not say.
    """
    with reading(database) as connection:
        return Changes(
            build=records(connection, sql("queries/changes/build.sql"))[0],
            counts=records(connection, sql("queries/changes/counts.sql")),
            totals=records(connection, sql("queries/changes/totals.sql")),
        )
