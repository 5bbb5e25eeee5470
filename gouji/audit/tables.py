"""The tables of a warehouse, each against what it must be: the gate's own second computation.

A file of `expectations/tables/` says in SQL of its own what one table has to hold, given the raw
tables, the seeds and the tables before it. It shares nothing with the models. Both sides are
reduced to a count and a sum of row hashes for each of some hundred parts of the table, in one pass
each, so that the cost is that of reading both once; only the parts that differ are compared row by
row. A row that was changed, dropped, doubled or made up is found.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from jinja2.exceptions import TemplateError

from gouji.audit.verdicts import TABLE_SUITE, Verdict
from gouji.errors import WrongCall
from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS
from gouji.sql import sql

FOLDER = "tables"
# What is put together from parts is in folders of the schemas' names; the parts are in their own.
PARTS = "parts"
# How many differing cells a verdict shows.
SAMPLE = 200


@dataclass(frozen=True)
class Table:
    """What a table has to hold.

    `found` is the table, or a query for the part of it that is compared; `due` the query for what
    must stand there, with the same columns in any order; `key` what names one of its rows.
    """

    name: str
    key: tuple[str, ...]
    found: str
    due: str
    title_zh: str
    title_en: str


def read_tables(expectations: Path, day: date) -> list[Table]:
    """Read what the tables have to hold, in the order of their names.

    Args:
        expectations: the folder of the Great Expectations project; `tables/` in it may be missing.
        day: when the warehouse was built: an entry of the ledger holds until it expires.

    Raises:
        WrongCall: a file is no template, or does not say its key and titles.
    """
    folder = expectations / FOLDER
    files = sorted(file for file in folder.glob("*/*.sql") if file.parent.name != PARTS)
    return [_read(folder, file, day) for file in files]


def _read(folder: Path, file: Path, day: date) -> Table:
    name = f"{file.parent.name}.{file.stem}"
    try:
        module = (
            _environment(folder)
            .get_template(str(file.relative_to(folder)))
            .make_module(
                {
                    "applicant_columns": APPLICANT_COLUMNS,
                    "applicant_types": [
                        column for column in APPLICANT_COLUMNS if column != "total"
                    ],
                    "result_columns": RESULT_COLUMNS,
                    "day": day.isoformat(),
                }
            )
        )
        said = vars(module)
        return Table(
            name=name,
            key=tuple(said["key"]),
            found=f"({said['found']})" if "found" in said else name,
            due=str(module),
            title_zh=said["title_zh"],
            title_en=said["title_en"],
        )
    except (TemplateError, KeyError, OSError) as error:
        raise WrongCall(f"{file} cannot be read as the rule of a table: {error!r}.") from error


@cache
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), PackageLoader("gouji", "")]),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL, and no HTML
    )


def compare(connection: duckdb.DuckDBPyConnection, table: Table) -> Verdict:
    """Compare a table with what it has to hold.

    The rows of the verdict name the key, the column, what is found there and what is due; of a row
    that has no partner the column is `(row)`. An error of SQL is the verdict's exception.
    """
    try:
        failing, sample = _differences(connection, table)
        exception = None
    except duckdb.Error as error:
        failing, sample, exception = 0, [], str(error).splitlines()[0]
    return Verdict(
        suite=TABLE_SUITE,
        rule_id=table.name,
        title_zh=table.title_zh,
        title_en=table.title_en,
        severity="critical",
        failing=failing,
        sample=sample,
        exception=exception,
    )


def _differences(
    connection: duckdb.DuckDBPyConnection, table: Table
) -> tuple[int, list[dict[str, Any]]]:
    types, due = _types(connection, f"from {table.found}"), _types(connection, table.due)
    if set(due) != set(types):
        odd = ", ".join(sorted(set(due) ^ set(types)))
        return 1, [{"table": table.name, "found or due alone": f"column {odd}"}]
    parts = differing_parts(connection, table, types)
    if not parts:
        return 0, []
    found = connection.execute(
        sql("audit/queries/tables/cells.sql", table=table, types=types, parts=parts, SAMPLE=SAMPLE)
    )
    columns = [column for column, *_ in found.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    failing = rows[0]["cells"]
    return failing, [{name: row[name] for name in columns if name != "cells"} for row in rows]


def differing_parts(
    connection: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str] | None = None
) -> list[int]:
    """Give the numbers of the parts of a table, of 256, that are not what they have to be.

    Args:
        connection: the warehouse.
        table: a table with the columns that are due.
        types: the types of its columns; looked up if not given.
    """
    types = types or _types(connection, f"from {table.found}")
    parts = connection.execute(sql("audit/queries/tables/parts.sql", table=table, types=types))
    return [part for (part,) in parts.fetchall()]


def _types(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    described = connection.execute(f"describe {query}").fetchall()
    return {name: kind for name, kind, *_ in described}
