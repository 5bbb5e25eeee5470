"""The SQL page: a statement of anybody's, run where it can do no harm.

Each statement runs in another process, on a connection of its own to the served file: read-only, no
file and no network, settings locked. The process has bounds of memory, and is killed when its time
is over, whatever it does then; the server goes on.
"""

import math
import multiprocessing
import resource
import signal
import time
from collections.abc import Sequence
from concurrent.futures import TimeoutError as OutOfTime
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import duckdb
from pebble import ProcessExpired, ProcessPool

from gouji.errors import WrongCall
from gouji.questions import FIND_TABLES, check_reads
from gouji.warehouse_file import shut_in

SECONDS = 10
MEMORY = "400MB"
# Of the process, should something escape DuckDB's own count.
MOST_BYTES_OF_PROCESS = 3 << 30
MOST_SIGNS = 10_000
MOST_COLUMNS = 200
MOST_SIGNS_OF_ANSWER = 8_000_000
# A cell that is no text counts as so many, in an answer and in what is written of it.
SIGNS_OF_A_CELL = 20
# A call, such as a checkpoint, gives rows too, and is not for guests.
READING = frozenset({"SELECT", "EXPLAIN"})
ROWS_SHOWN = 1_000
ROWS_DOWNLOADED = 100_000
AT_ONCE = 2
WAITING = 6
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY,
    "threads": "1",
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
}


class TooMuch(Exception):
    """So many statements are waiting that another one would not be answered in time."""


@dataclass(frozen=True)
class Answer:
    """The rows of a statement: values are numbers, truth values or text, as JSON has them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    is_cut: bool
    seconds: float


class Desk:
    """Takes statements, and has them answered by a few processes."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._places = BoundedSemaphore(AT_ONCE + WAITING)
        self._pool = ProcessPool(
            max_workers=AT_ONCE,
            initializer=_bound,
            context=multiprocessing.get_context("forkserver"),
        )

    def ask(self, database: Path, statement: str, most: int = ROWS_SHOWN) -> Answer:
        """Answer a statement over a warehouse file.

        Args:
            database: the file.
            statement: anybody's.
            most: so many rows are given.

        Raises:
            WrongCall: it is refused, cannot be answered, or took too long.
            TooMuch: too many are waiting.
        """
        if len(statement) > MOST_SIGNS:
            raise WrongCall(f"A statement has at most {MOST_SIGNS:,} characters.")
        if not self._places.acquire(blocking=False):
            raise TooMuch
        try:
            future = self._pool.schedule(
                answer, args=(str(database), statement, most), timeout=self._seconds
            )
            # those before it in the line may take all of their time
            found = future.result(timeout=self._seconds * (1 + WAITING / AT_ONCE) + 5)
        except OutOfTime:
            raise WrongCall(f"It took longer than {self._seconds:g} seconds.") from None
        except ProcessExpired:
            raise WrongCall("It took more memory than there is for it.") from None
        finally:
            self._places.release()
        if isinstance(found, str):
            raise WrongCall(found)
        return found

    def close(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _bound() -> None:
    # the end of a process must not wait for what DuckDB is at
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    bytes_ = MOST_BYTES_OF_PROCESS
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(database: str, statement: str, most: int) -> Answer | str:
    """Answer a statement, in a process that may end at any moment; a problem is given as text."""
    started = time.monotonic()
    try:
        with duckdb.connect(database, read_only=True, config=SETTINGS) as connection:
            shut_in(connection.execute(FIND_TABLES))
            check_reads(connection, statement, READING)
            found = connection.execute(statement)
            columns = [name for name, *_ in found.description or ()]
            if len(columns) > MOST_COLUMNS:
                return f"An answer has at most {MOST_COLUMNS} columns."
            rows, is_cut = _taken(found, columns, most)
            return Answer(columns, rows, is_cut, time.monotonic() - started)
    except WrongCall as error:
        return str(error)
    except (duckdb.Error, MemoryError, OverflowError, ValueError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        return f"DuckDB cannot answer that: {said[:2000]}"


def _taken(
    found: duckdb.DuckDBPyConnection, columns: Sequence[str], most: int
) -> tuple[list[list[Any]], bool]:
    rows: list[list[Any]] = []
    signs = 0
    # JSON says them again in each row
    signs_of_names = sum(map(len, columns))
    while batch := found.fetchmany(100):
        for row in batch:
            if len(rows) == most:
                return rows, True
            plain = [_plain(cell) for cell in row]
            signs += signs_of_names + sum(
                len(cell) if isinstance(cell, str) else SIGNS_OF_A_CELL for cell in plain
            )
            if signs > MOST_SIGNS_OF_ANSWER:
                raise WrongCall(f"An answer has at most {MOST_SIGNS_OF_ANSWER:,} characters.")
            rows.append(plain)
    return rows, False


def _plain(cell: object) -> object:
    """Give a value of DuckDB's as JSON has it.

    A decimal is text, so that it stays exact; a number that is none, such as 1/0, is not there.
    """
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    return str(cell)
