"""Every published table as CSV, JSON and Parquet, filtered by its columns."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

import duckdb

from gouji.answers import as_csv, as_json
from gouji.dictionary import LABELS, PUBLISHED_SCHEMAS
from gouji.errors import WrongCall
from gouji.serve.build import SECONDS_TO_WAIT_FOR_READERS, Build, Busy
from gouji.serve.pages import NotThere
from gouji.serve.prepare import attach
from gouji.sql import quoted
from gouji.warehouse_file import Record

ROWS_AT_A_TIME = 5_000
ROWS_OF_JSON = 1_000
MOST_ROWS_OF_JSON = 100_000
BYTES_AT_A_TIME = 1 << 20
MEMORY = "200MB"
# So many Parquet files are made at once, each with as much memory.
AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)
OWN = ("limit", "offset")


@dataclass(frozen=True)
class Asked:
    """A table, or the rows of it in which columns have certain values."""

    relation: str
    columns: tuple[str, ...]
    values: Mapping[str, str]
    limit: int | None
    offset: int

    @property
    def select(self) -> str:
        """The SQL, with a parameter for each value."""
        equals = [f'cast("{column}" as varchar) = ?' for column in self.values]
        where = f" where {' and '.join(equals)}" if equals else ""
        limit = "" if self.limit is None else f" limit {self.limit}"
        return f"select * from {self.relation}{where}{limit} offset {self.offset}"


def tables(build: Build) -> list[Record]:
    """Name the published tables, each with its columns and their types."""
    with build.pages.one() as connection:
        found = connection.execute(
            "select schema_name, table_name, list(column_name order by column_index),"
            " list(lower(data_type) order by column_index) from duckdb_columns()"
            " where database_name = 'gouji' and (list_contains(?, schema_name)"
            " or (schema_name = 'reference' and list_contains(?, table_name)))"
            " group by all order by all",
            [list(PUBLISHED_SCHEMAS), list(LABELS)],
        ).fetchall()
    return [
        {"table": f"{schema}.{table}", "columns": dict(zip(columns, types, strict=True))}
        for schema, table, columns, types in found
    ]


def asked_of(build: Build, name: str, parameters: Mapping[str, str]) -> Asked:
    """Make of a table's name and what an address asks of its columns what is read.

    Raises:
        NotThere: there is no such published table.
        WrongCall: it has no such column, or a number is none.
    """
    known = {table["table"]: table["columns"] for table in tables(build)}
    if name not in known:
        raise NotThere
    columns = tuple(known[name])
    values = {column: text for column, text in parameters.items() if column not in OWN}
    unknown = sorted(values.keys() - set(columns))
    if unknown:
        raise WrongCall(f"{name} has no column {unknown[0]}; it has {', '.join(columns)}.")
    most = _number(parameters, "limit")
    schema, _, table = name.partition(".")
    return Asked(
        f'gouji."{schema}"."{table}"', columns, values, most, _number(parameters, "offset") or 0
    )


def _number(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise WrongCall(f"{name} is a whole number, not {text}.")
    return int(text)


def csv_of(build: Build, asked: Asked) -> Iterator[bytes]:
    """Give the rows as the lines of a CSV file, a piece at a time."""
    return _pieces(as_csv(asked.columns, _rows(build, asked)))


def json_of(build: Build, asked: Asked) -> Iterator[bytes]:
    """Give the rows as a JSON list; a part of them, unless the address asks for more.

    Raises:
        WrongCall: more is asked for than is given as JSON.
    """
    most = ROWS_OF_JSON if asked.limit is None else asked.limit
    if most > MOST_ROWS_OF_JSON:
        raise WrongCall(f"limit is at most {MOST_ROWS_OF_JSON}; CSV and Parquet give all rows.")
    part = Asked(asked.relation, asked.columns, asked.values, most, asked.offset)
    return _pieces(as_json(part.columns, _rows(build, part)))


def parquet_of(build: Build, asked: Asked) -> Iterator[bytes]:
    """Give the rows as a Parquet file, a piece at a time.

    Raises:
        Busy: too many are made at once.
    """
    if not _places.acquire(timeout=SECONDS_TO_WAIT_FOR_READERS):
        raise Busy
    try:
        made = _made(build, asked)
    finally:
        _places.release()
    with closing(made):
        while piece := made.read(BYTES_AT_A_TIME):
            yield piece


def _made(build: Build, asked: Asked) -> IO[bytes]:
    """Write the rows to a Parquet file, which has no name any more: it goes when it is closed."""
    with tempfile.TemporaryDirectory(prefix="gouji-serve-") as folder:
        file = Path(folder) / "made.parquet"
        values = list(asked.values.values())
        with duckdb.connect(config={"threads": 1, "memory_limit": MEMORY}) as connection:
            attach(connection, build.file, "gouji", "read_only")
            connection.execute(
                f"copy ({asked.select}) to '{quoted(file)}' (format parquet, compression zstd)",
                values,
            )
        return file.open("rb")


def _rows(build: Build, asked: Asked) -> Iterator[Any]:
    with build.tables_read.one() as connection:
        found = connection.execute(asked.select, list(asked.values.values()))
        while rows := found.fetchmany(ROWS_AT_A_TIME):
            yield from rows


def _pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Join lines to pieces of some size."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == ROWS_AT_A_TIME:
            yield ("\n".join(waiting) + "\n").encode()
            waiting = []
    if waiting:
        yield ("\n".join(waiting) + "\n").encode()
