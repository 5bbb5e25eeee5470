"""Are two warehouses the same? Every mart and quality table, row by row.

By hand: `python tests/python/same_tables.py A.duckdb B.duckdb`.
"""

import sys
from pathlib import Path

import duckdb

# What a build did, not what the reports say.
OF_THE_BUILD = {
    "run_history",
    "issue_changes",
    "value_changes",
    "audit_results",
}


def differences(one: Path, other: Path) -> list[str]:
    """Name each mart or quality table that is not the same in both, with how many rows differ."""
    with duckdb.connect() as connection:
        for name, file in (("one", one), ("other", other)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        tables = [_tables(connection, name) for name in ("one", "other")]
        lone = [f"{table} is in one only" for table in sorted(tables[0] ^ tables[1])]
        return lone + [
            said for table in sorted(tables[0] & tables[1]) if (said := _compare(connection, table))
        ]


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    rows = connection.execute(
        "select schema_name || '.' || name from ("
        " select database_name, schema_name, table_name as name from duckdb_tables()"
        " union all select database_name, schema_name, view_name from duckdb_views()"
        ") where database_name = ? and schema_name in ('marts', 'quality')",
        [database],
    ).fetchall()
    return {table for (table,) in rows if table.split(".")[1] not in OF_THE_BUILD}


def _compare(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    for name in ("one", "other"):
        # views name no database
        connection.execute(f"use {name}")
        connection.execute(f"create or replace temp table rows_of_{name} as from {table}")
    one, other = "temp.rows_of_one", "temp.rows_of_other"
    if connection.table(one).columns != connection.table(other).columns:
        return f"{table} has other columns"
    counts = [
        connection.sql(f"select count(*) from (from {left} except all from {right})").fetchall()[0][
            0
        ]
        for left, right in ((one, other), (other, one))
    ]
    if not any(counts):
        return None
    return f"{table}: {counts[0]} rows only in the first, {counts[1]} only in the second"


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit("\n".join(found) if found else 0)
