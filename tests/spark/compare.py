"""The tables of two engines, cell by cell: what one has and the other has not, and what differs."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

EXAMPLES = 3


@dataclass(frozen=True)
class Table:
    """A mart or quality table, and the columns that name each of its rows once."""

    schema: str
    name: str
    key: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Comparison:
    """What comparing one table came to: the rows found on both sides, and what is unlike."""

    table: Table
    rows: int
    columns: int
    differences: tuple[str, ...]

    @property
    def cells(self) -> int:
        return self.rows * self.columns


def compare(database: Path, folder: Path, table: Table) -> Comparison:
    """Compare DuckDB's table with the Parquet files that Spark wrote of its own.

    Rows meet by their key, and null equals null. Numbers are compared as numbers, whatever their
    width; a column that is text on one side and a number on the other is an error.

    Args:
        database: the warehouse that dbt built with DuckDB.
        folder: a folder of Parquet files, the same table out of Spark.
        table: which table, and its key.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{database}' as warehouse (read_only)")
        expected = f"warehouse.{table.full_name}"
        connection.execute(f"create view expected as select *, true as is_there from {expected}")
        connection.execute(
            "create view found as select *, true as is_there "
            f"from read_parquet('{folder}/*.parquet', hive_partitioning = false)"
        )
        columns = _columns(connection, "expected")
        if columns != _columns(connection, "found"):
            differences = [f"columns: DuckDB {columns}, Spark {_columns(connection, 'found')}"]
            return Comparison(table, 0, len(columns), tuple(differences))
        differences = [
            *_repeated_keys(connection, table),
            *_rows_of_one_side(connection, table),
            *_unlike_cells(connection, table, columns),
        ]
        rows = _one(connection, f"select count(*) from {_both(table)}")
        return Comparison(table, rows, len(columns), tuple(differences))


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    described = connection.execute(f"describe {relation}").fetchall()
    return sorted(name for name, *_ in described if name != "is_there")


def _both(table: Table, join: str = "inner") -> str:
    return f"expected {join} join found using ({', '.join(table.key)})"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    (number,) = connection.execute(query).fetchone() or (0,)
    return int(number)


def _repeated_keys(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    key = ", ".join(table.key)
    found = []
    for engine, relation in (("DuckDB", "expected"), ("Spark", "found")):
        nulls = " or ".join(f"{column} is null" for column in table.key)
        query = f"select {key} from {relation} group by all having count(*) > 1 or {nulls}"
        repeated = _one(connection, f"select count(*) from ({query})")
        if repeated:
            found.append(f"{repeated:,} keys ({key}) are empty or repeated in {engine}")
    return found


def _rows_of_one_side(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    found = []
    key = ", ".join(table.key)
    for engine, other in (("DuckDB", "found"), ("Spark", "expected")):
        query = f"from {_both(table, 'full')} where {other}.is_there is null"
        rows = _one(connection, f"select count(*) {query}")
        if rows:
            examples = connection.execute(f"select {key} {query} order by all limit {EXAMPLES}")
            found.append(f"{rows:,} rows in {engine} alone, such as {examples.fetchall()}")
    return found


def _unlike_cells(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: list[str]
) -> list[str]:
    others = [column for column in columns if column not in table.key]
    if not others:
        return []
    unlike = [f"expected.{column} is distinct from found.{column}" for column in others]
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in unlike)
    numbers = connection.execute(f"select {counts} from {_both(table)}").fetchone() or ()
    found = []
    for column, condition, number in zip(others, unlike, numbers, strict=True):
        if number:
            examples = connection.execute(
                f"select {', '.join(table.key)}, expected.{column}, found.{column} "
                f"from {_both(table)} where {condition} order by all limit {EXAMPLES}"
            ).fetchall()
            found.append(
                f"{number:,} cells of {column} (key, DuckDB's, Spark's), such as {examples}"
            )
    return found
