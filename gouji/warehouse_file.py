"""Reading a warehouse file by SQL."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from gouji.errors import WrongCall
from gouji.memory import limit

Record = dict[str, Any]


def check_is_there(database: Path) -> None:
    """Make sure that there is a warehouse file.

    Raises:
        WrongCall: there is none.
    """
    if not database.is_file():
        raise WrongCall(f"There is no warehouse at {database}: gouji build makes one.")


@contextmanager
def reading(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse file read-only, for the block.

    Raises:
        WrongCall: there is no such file, DuckDB cannot open it, or it lacks a table that is read.
    """
    check_is_there(database)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            yield limit(connection)
    except (duckdb.IOException, duckdb.CatalogException) as error:
        problem = " ".join(str(error).split())
        raise WrongCall(f"{database} does not open as a warehouse: {problem}") from error


def shut_in(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Keep what somebody asks from files, the network and the settings; give the connection back.

    What is open already stays open.
    """
    return connection.execute("set enable_external_access = false; set lock_configuration = true")


def records(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None
) -> list[Record]:
    """Give the rows of a query, each by column name."""
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def near_words(connection: duckdb.DuckDBPyConnection, words: str, asked: str) -> str:
    """Name the three words of a query, in its column `word`, that are most like the one asked."""
    rows = connection.execute(
        f"select word from ({words}) order by jaro_winkler_similarity(word, $asked) desc, word"
        " limit 3",
        {"asked": asked},
    ).fetchall()
    return ", ".join(word for (word,) in rows)


def by(rows: Iterable[Record], column: str) -> dict[str, list[Record]]:
    """Give the rows of each value of a column, in the order in which they come."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found
