"""How large the sums of a report can be, where some of their cells hold no number."""

from collections.abc import Sequence

import duckdb

from gouji.findings.read import query
from gouji.sql import sql

# What follows a measure in the name of its column.
AT_MOST = "_at_most"


def sums_at_most(
    connection: duckdb.DuckDBPyConnection, reports: Sequence[str]
) -> dict[tuple[str, str], int]:
    """Give the bounds of the sums of reports, by report and measure; of a sum without one, none.

    A sum is bounded by printed totals and by the balance: `models/intermediate/cells/`,
    `int_sums_at_most`. One of which every cell holds a number is its own bound.
    """
    if not reports:
        return {}
    named: dict[str, object] = {f"r{n}": report for n, report in enumerate(sorted(reports))}
    return {
        (row["report_id"], name.removesuffix(AT_MOST)): value
        for row in query(connection, sql("queries/sums_at_most.sql", count=len(reports)), named)
        for name, value in row.items()
        if name.endswith(AT_MOST) and value is not None
    }
