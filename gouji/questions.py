"""`gouji sql`: a statement over the published file, or DuckDB's own shell.

Both read only: the file is opened read-only, files and the network are out of reach, and the
settings are locked.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from gouji.answers import Format
from gouji.errors import ToolFailed, WrongCall
from gouji.memory import memory
from gouji.warehouse_file import check_is_there, reading, shut_in

# Tables are found without the name of their schema.
FIND_TABLES = "set search_path = 'marts,quality,reference'"
READING = frozenset({"SELECT", "EXPLAIN", "CALL"})
ROWS_AT_A_TIME = 10_000
# What DuckDB's shell writes its rows as; its own tables if nothing is said.
SHELL_MODES = {
    Format.TABLE: (),
    Format.CSV: ("-csv", "-nullvalue", ""),
    Format.JSON: ("-json",),
}


@contextmanager
def answered(database: Path, statement: str) -> Iterator[tuple[Sequence[str], Iterator[Any]]]:
    """Give the columns and the rows of one statement, for the block.

    Raises:
        WrongCall: there is no warehouse, it is not one statement, or it does more than read.
    """
    with reading(database) as connection:
        shut_in(connection.execute(FIND_TABLES))
        try:
            check_reads(connection, statement)
            found = connection.execute(statement)
            yield [name for name, *_ in found.description or ()], _rows(found)
        except duckdb.Error as error:
            raise WrongCall(f"DuckDB cannot answer that: {_said(error)}") from error


def check_reads(
    connection: duckdb.DuckDBPyConnection, statement: str, reading: frozenset[str] = READING
) -> None:
    """Make sure that a text is one statement that gives rows, and writes nothing.

    Args:
        connection: shut in, for to take a text apart can read a file: `import database` does.
        statement: the text.
        reading: the kinds of statement that give rows.

    Raises:
        WrongCall: it is none, or more than one, or does more than read.
        duckdb.Error: it is no SQL.
    """
    kinds = [one.type.name for one in connection.extract_statements(statement)]
    # a pivot makes a type of its own before it selects; what is published is read-only anyhow
    writing = [kind for kind in kinds if kind not in reading and kind != "CREATE"]
    if writing:
        raise WrongCall(f"gouji sql only reads, and {writing[0]} does more.")
    if sum(kind in reading for kind in kinds) != 1 or kinds[-1] not in reading:
        raise WrongCall(
            "gouji sql takes one statement that gives rows; without any, it is a shell."
        )


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    while rows := found.fetchmany(ROWS_AT_A_TIME):
        yield from rows


def _said(error: duckdb.Error) -> str:
    """What DuckDB said, with the place in the statement, on one line."""
    return " ".join(str(error).split())


def shell(database: Path, format_: Format) -> None:
    """Run DuckDB's shell over a warehouse file, on a terminal or over what is piped into it.

    Raises:
        WrongCall: there is no warehouse, or a statement failed, of which DuckDB has told.
        ToolFailed: the package of the shell is not installed.
    """
    check_is_there(database)
    is_piped = not sys.stdin.isatty()
    if not is_piped:
        # Ctrl-C stops a statement, not the shell that it was asked in
        signal.signal(signal.SIGINT, lambda *_: None)
    command = [
        *(str(_program()), "-no-init", "-readonly", *SHELL_MODES[format_]),
        *(["-bail"] if is_piped else []),
        *("-cmd", f"set memory_limit = '{memory()}'", "-cmd", FIND_TABLES, "-cmd", ".safe_mode"),
        str(database),
    ]
    ended = subprocess.run(command, check=False).returncode
    # who sits before a terminal has seen what failed, and gone on
    if is_piped and ended not in (0, -signal.SIGPIPE):
        raise WrongCall("DuckDB's shell ended with an error, see above.")


def _program() -> Path:
    try:
        program = Path(str(files("duckdb_cli") / "duckdb"))
    except ModuleNotFoundError as error:
        raise ToolFailed("DuckDB's shell is not installed: the package is duckdb-cli.") from error
    return program
