"""A landing folder is looked at before dbt starts: every raw table that it must have is there.

dbt looks for the same (`check_landing` in `macros/landing.sql`), seconds later.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.near import near_it
from gouji.raw_tables import OPTIONAL_TABLES, RAW_TABLES

# In the order in which macros/landing.sql looks for them.
READERS = {
    "{}.parquet": "read_parquet(?)",
    "{}/**/*.parquet": "read_parquet(?, hive_partitioning = false, union_by_name = true)",
    "{}.csv": "read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"')",
}


def check_landed(landing: Path, tables: Mapping[str, tuple[str, ...]] = RAW_TABLES) -> None:
    """Look for the raw tables and their columns in a landing folder.

    Raises:
        WrongCall: one is missing, lacks a column, or cannot be read.
    """
    with duckdb.connect() as connection:
        for table, columns in tables.items():
            for name, reader in READERS.items():
                pattern = name.format(table)
                if next(landing.glob(pattern), None):
                    _check_columns(connection, landing / pattern, reader, columns)
                    break
            else:
                if table in OPTIONAL_TABLES:
                    continue
                raise WrongCall(
                    f"The landing folder {landing} has no {table}: put {table}.parquet,"
                    f" {table}.csv or a folder {table}/ of Parquet files there."
                )


def _check_columns(
    connection: duckdb.DuckDBPyConnection, files: Path, reader: str, columns: tuple[str, ...]
) -> None:
    try:
        found = connection.execute(f"from {reader} limit 0", [str(files)]).description or ()
    except duckdb.Error as error:
        raise WrongCall(f"{files} cannot be read: {' '.join(str(error).split())}") from error
    there = [name for name, *_ in found]
    if missing := [name for name in columns if name not in there]:
        raise WrongCall(
            f"{files} has no column {missing[0]}{near_it(missing[0], there)};"
            f" it needs {', '.join(columns)}."
        )
