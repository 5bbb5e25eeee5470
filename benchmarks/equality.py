"""Tables of two warehouses compared: the same columns, the same types, the same rows.

Small tables are compared by `EXCEPT ALL` both ways. Of a table with very many rows that would cost
more than building it: there the count and two sums of the rows' hashes are compared, and `EXCEPT
ALL` is asked only for the rows to show where these differ.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.memory import limit
from gouji.sql import quoted

SCHEMAS = ("marts", "quality")
EXCEPT_AT_MOST = 3_000_000
SHOWN = 3


@dataclass(frozen=True)
class Compared:
    """One table in both warehouses; no difference is an empty list."""

    table: str
    rows: int
    by_hash: bool
    differences: list[str]


def compare(one: Path, other: Path, spill: Path) -> list[Compared]:
    """Compare every table and view of the marts and of the checks.

    Args:
        one: a database.
        other: another database.
        spill: a folder for what does not fit into memory.
    """
    with _side_by_side(one, f"'{quoted(other)}' as other (read_only)", spill) as connection:
        tables = _tables(connection, "one") | _tables(connection, "other")
        return [_compare_table(connection, table) for table in sorted(tables)]


def compare_files(
    one: Path, files: dict[str, Path], spill: Path, left_out: Collection[str] = ()
) -> list[Compared]:
    """Compare tables of a database with Parquet files of the same columns.

    Args:
        one: a database.
        files: a Parquet file for each table; floating-point numbers stand in it for decimals.
        spill: a folder for what does not fit into memory.
        left_out: columns of the database that are in none of the files.
    """
    with _side_by_side(one, "':memory:' as other", spill) as connection:
        for table, file in files.items():
            expected = _columns(connection, "one", table)
            found = connection.execute(f"describe from read_parquet('{quoted(file)}')").fetchall()
            shown = ", ".join(
                f'"{name}"::{expected[name]} as "{name}"'
                if kind == "DOUBLE" and expected.get(name, "").startswith("DECIMAL")
                else f'"{name}"'
                for name, kind, *_ in found
            )
            connection.execute(f"create schema if not exists other.{table.split('.')[0]}")
            connection.execute(
                f"create view other.{table} as select {shown} from read_parquet('{quoted(file)}')"
            )
        return [_compare_table(connection, table, left_out) for table in files]


def _side_by_side(one: Path, other: str, spill: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    limit(connection)
    connection.execute(f"set temp_directory = '{quoted(spill)}'")
    connection.execute(f"attach '{quoted(one)}' as one (read_only)")
    connection.execute(f"attach {other}")
    return connection


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    schemas = ", ".join(f"'{schema}'" for schema in SCHEMAS)
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        f" where table_catalog = '{database}' and table_schema in ({schemas})"
    ).fetchall()
    return {name for (name,) in rows}


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> dict[str, str]:
    schema, name = table.split(".")
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns where table_catalog = ?"
        " and table_schema = ? and table_name = ? order by ordinal_position",
        [database, schema, name],
    ).fetchall()
    return dict(rows)


def _compare_table(
    connection: duckdb.DuckDBPyConnection, table: str, left_out: Collection[str] = ()
) -> Compared:
    here = _columns(connection, "one", table)
    columns = {name: kind for name, kind in here.items() if name not in left_out}
    others = _columns(connection, "other", table)
    if not columns or not others:
        return Compared(table, 0, False, [f"only in {'one' if columns else 'other'}"])
    if columns != others:
        found = [
            f"{name}: {columns.get(name, 'not there')} / {others.get(name, 'not there')}"
            for name in columns | others
            if columns.get(name) != others.get(name)
        ]
        return Compared(table, 0, False, found or ["the columns stand in another order"])
    names = ", ".join(f'"{name}"' for name in columns)
    prints: list[tuple[int, ...]] = []
    for database in ("one", "other"):
        # A view finds its tables in the database that is in use.
        connection.execute(f"use {database}")
        rows = _rows(connection, f"select count(*) from {database}.{table}")[0][0]
        if rows > EXCEPT_AT_MOST:
            prints += _rows(
                connection,
                f"select count(*), sum(h), sum(hash(h, 1)) from"
                f" (select hash({names}) as h from {database}.{table})",
            )
        else:
            prints.append((rows,))
    by_hash = len(prints[0]) > 1
    if by_hash and prints[0] == prints[1]:
        return Compared(table, prints[0][0], True, [])
    found = []
    for here, there in (("one", "other"), ("other", "one")):
        connection.execute(f"use {here}")
        more = connection.execute(
            f"select {names} from {here}.{table} except all select {names} from {there}.{table}"
        )
        found += [f"only in {here}: {row}" for row in more.fetchmany(SHOWN)]
    return Compared(table, prints[0][0], by_hash, found)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[int, ...]]:
    return connection.execute(sql).fetchall()
