"""What is made of a published file before it is served: a second file beside it.

A page of one report asks large tables for a few rows. Published, these stand in the order in which
they were built, and DuckDB reads a table of 72 million checks from end to end to find 50. Here they
are copied in the order of what is asked for, so that a page reads a block or two of each; and the
lists, with what is searched, are worked out once for all.

Made by a process of its own, which has no haste: `python -m gouji.serve.prepare FILE NEW`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import duckdb

from gouji.errors import GoujiError, ToolFailed, WrongCall
from gouji.memory import limit
from gouji.sql import quoted, sql

# Tables with rows of reports, and what pages ask them by; all begin with the code of a region.
IN_ORDER = {
    "intermediate.int_check_sources": "report_id",
    "intermediate.int_disclosure_cells": "report_id",
    "intermediate.int_narrative_figures": "report_id",
    "intermediate.int_request_rows": "report_id",
    "intermediate.int_review_rows": "report_id",
    "marts.bridge_report_region": "region_code",
    "marts.dim_report": "report_id",
    "quality.fct_identity_checks": "report_id",
    "quality.mended_checks": "check_report_id",
    "quality.sanity_findings": "report_id",
    "quality.suspect_cells": "hypothesis_id",
    "raw.raw_disclosures": "report_id",
    "raw.raw_narrative_figures": "report_id",
    "raw.raw_requests": "report_id",
    "raw.raw_reviews": "report_id",
}
# Of the site's own queries; the lists of all bodies, regions, reports and causes.
LISTS = ("agencies", "regions", "reports", "issues")
# What DuckDB says of a file that is no database, or not one of this version's.
OF_THE_FILE = (WrongCall, duckdb.IOException, duckdb.CatalogException, duckdb.BinderException)
UNHURRIED = 10
MEMORY = "500MB"
PARTS = 32  # in which the largest table is sorted in that memory, at a million reports


def prepare(database: Path, out: Path) -> None:
    """Make the second file of a warehouse file, unless it is there.

    Args:
        database: the warehouse file, which stays as it is.
        out: the file to make; a half-made one never stands there.

    Raises:
        WrongCall: the file is no database, or an older one without these tables.
        ToolFailed: it cannot be made for another reason.
    """
    if out.is_file():
        return
    new = out.with_name(f"{out.name}.{os.getpid()}")
    command = [sys.executable, "-m", __name__, str(database), str(new)]
    env = {"GOUJI_MEMORY": MEMORY} | os.environ
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    try:
        problem = done.stderr.strip()[-500:]
        if done.returncode == WrongCall.exit_code:
            raise WrongCall(f"{database} cannot be served, gouji build makes it anew: {problem}")
        if done.returncode:
            raise ToolFailed(f"{database} cannot be served: {problem}")
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, mode: str) -> None:
    """Attach a database file under a name.

    Args:
        connection: of a database in memory.
        file: the file.
        name: what it is called in SQL.
        mode: `read_only` or `read_write`.
    """
    connection.execute(f"attach '{quoted(file)}' as {name} ({mode})")


def write(database: Path, out: Path) -> None:
    """Write the second file."""
    with _opened(database, out) as connection:
        known = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'gouji'"
        ).fetchall()
        for schema in ("lists", *{name.partition(".")[0] for name in IN_ORDER}):
            connection.execute(f"create schema prepared.{schema}")
        (cuts,) = connection.execute(
            "select quantile_disc(report_id, $1) from marts.dim_report",
            [[part / PARTS for part in range(1, PARTS)]],
        ).fetchall()[0]
    for (name,) in known:
        if name in IN_ORDER:
            with _opened(database, out) as connection:
                _copy_in_order(connection, name, cuts)
    with _opened(database, out) as connection:
        _write_lists(connection)


@contextmanager
def _opened(database: Path, out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open both files for one step: what it leaves in memory is gone when they are closed."""
    with duckdb.connect() as connection:
        limit(connection).execute("set threads = 2")
        connection.execute(f"set temp_directory = '{quoted(out)}.tmp'")
        attach(connection, database, "gouji", "read_only")
        attach(connection, out, "prepared", "read_write")
        yield connection.execute("use gouji")
        # else what cannot be written is lost without a word when the file is closed
        connection.execute("checkpoint prepared")


def _copy_in_order(
    connection: duckdb.DuckDBPyConnection, name: str, cuts: Sequence[str] | None
) -> None:
    """Copy a table part by part, cut at these reports: the largest is not sorted in such memory."""
    key = IN_ORDER[name]
    connection.execute(f"create table prepared.{name} as from gouji.{name} limit 0")
    for low, high in pairwise(["", *(cuts or ()), None]):
        connection.execute(
            f"insert into prepared.{name} from gouji.{name}"
            f" where {key} >= $1 and ($2 is null or {key} < $2) order by {key}",
            [low, high],
        )


def _write_lists(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(sql("findings/views.sql"))
    connection.execute(sql("site/queries/agency_pages.sql"))
    connection.execute(sql("site/queries/region_pages.sql"))
    for name in LISTS:
        query = sql(f"site/queries/{name}.sql")
        connection.execute(f"create table prepared.lists.{name} as {query}")
    connection.execute(f"create table prepared.lists.names as {sql('serve/queries/names.sql')}")
    # what reads the cells of a report: the next year's checks, those of the body that adds it up
    connection.execute(
        "create table prepared.lists.readers as"
        " select source_report_id, report_id from gouji.intermediate.int_check_sources"
        " where source_report_id is not null order by source_report_id"
    )


def main() -> None:
    """Write the second file, as the process that `prepare` starts.

    It ends with the exit code of the error.
    """
    os.nice(UNHURRIED)
    database, out = map(Path, sys.argv[1:])
    try:
        write(database, out)
    except (GoujiError, duckdb.Error) as error:
        sys.stderr.write(" ".join(str(error).split()))
        is_of_the_file = isinstance(error, OF_THE_FILE)
        sys.exit((WrongCall if is_of_the_file else ToolFailed).exit_code)


if __name__ == "__main__":
    main()
