"""How much memory DuckDB may use: `GOUJI_MEMORY`, beyond which it spills to disk."""

import os
import re

import duckdb

from gouji.errors import WrongCall

DEFAULT = "4GB"
AMOUNT = re.compile(r"[1-9]\d*(\.\d+)? ?([KMGT]i?B)", re.IGNORECASE)


def memory() -> str:
    """Give the amount that `GOUJI_MEMORY` asks for, as DuckDB writes it.

    Raises:
        WrongCall: it is no amount of memory.
    """
    asked = os.environ.get("GOUJI_MEMORY", "").strip() or DEFAULT
    if not AMOUNT.fullmatch(asked):
        raise WrongCall(f"GOUJI_MEMORY is an amount of memory such as 4GB or 512MB, not {asked}.")
    return asked


def limit(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Hold a connection's database to `GOUJI_MEMORY`, and give the connection back."""
    return connection.execute(f"set memory_limit = '{memory()}'")
