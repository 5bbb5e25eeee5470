"""What a warehouse holds, on one screen. Every figure is the warehouse's own, read by SQL."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.sql import sql
from gouji.warehouse_file import Record, reading, records


@dataclass(frozen=True)
class Summary:
    """The figures of a warehouse: reports, cells by status, checks by verdict, causes by state."""

    reports: Record
    cells: list[Record]
    identities: list[Record]
    broken_checks: list[Record]
    causes: Record


def summarise(database: Path) -> Summary:
    """Read the figures of a warehouse file."""
    with reading(database) as connection:
        return Summary(
            reports=_read(connection, "reports")[0],
            cells=_read(connection, "cells"),
            identities=_read(connection, "identities"),
            broken_checks=_read(connection, "broken_checks"),
            causes=records(connection, sql("queries/causes.sql"))[0],
        )


def _read(connection: duckdb.DuckDBPyConnection, name: str) -> list[Record]:
    return records(connection, sql(f"queries/summary/{name}.sql"))
