"""The project as it stood on a day: what had been landed and decided by then.

Editions say when they were landed, decisions when they were made. What says no day is as it is now:
the form, identities, regions, bodies, members of roll-ups; and so is what was landed anew since
under the same id, or taken away.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.memory import limit
from gouji.paths import Project
from gouji.publish.inputs import copy_project
from gouji.publish.landed import READERS
from gouji.publish.seeds import check_seeds
from gouji.raw_tables import RAW_TABLES
from gouji.sql import quoted

DECISIONS = {
    "corrections": "corrected_on",
    "acknowledged_issues": "acknowledged_on",
    "correspondence": "happened_on",
}
CSV = "{}.csv"
# How DuckDB writes what dbt or a landing folder is to read again.
AS_SEED, AS_LANDED = "csv, header", "parquet, compression zstd"


def state_of(
    project: Project, landing: Path | None, day: date, folder: Path
) -> tuple[Project, Path | None]:
    """Copy a project and its landing folder without what was landed or decided after a day.

    Args:
        project: the project, which stays as it is.
        landing: the folder whose tables replace the raw seeds, if any.
        day: the last day whose editions and decisions are kept.
        folder: the folder to make.

    Returns:
        The copies; that of the project knows the day.

    Raises:
        WrongCall: a seed is wrong, an edition does not say when it was landed, or none was by then.
    """
    check_seeds(project, landing)
    copy = Project(folder / "project", as_of=day)
    copy_project(project, copy.root)
    seeds = project.root / "seeds"
    with duckdb.connect() as connection:
        limit(connection)
        if landing:
            _copy_landing(landing, folder / "landing")
            _keep_editions(connection, landing, folder / "landing", day, AS_LANDED)
        else:
            _keep_editions(connection, seeds / "raw", copy.root / "seeds" / "raw", day, AS_SEED)
        for seed, column in DECISIONS.items():
            file = seeds / "stewardship" / CSV.format(seed)
            if file.is_file():
                kept = f"try_cast({column} as date) <= cast('{day}' as date)"
                rows = f"select * from {_reading(file, READERS[CSV])} where {kept}"
                _write(connection, rows, copy.root / file.relative_to(project.root), AS_SEED)
    return copy, folder / "landing" if landing else None


def _copy_landing(landing: Path, copy: Path) -> None:
    """Copy what stands beside the raw tables: bodies, and whom they add up."""
    copy.mkdir()
    for place in landing.iterdir():
        if place.stem not in RAW_TABLES and not place.name.startswith("."):
            (shutil.copytree if place.is_dir() else shutil.copy)(place, copy / place.name)


def _keep_editions(
    connection: duckdb.DuckDBPyConnection, source: Path, target: Path, day: date, form: str
) -> None:
    tables = dict(_tables(source))
    landed_on = "try_cast(landed_on as date)"
    reports = tables["raw_reports"]
    undated = connection.sql(f"select report_id from {reports} where {landed_on} is null limit 1")
    for (report_id,) in undated.fetchall():
        raise WrongCall(
            f"{source}: raw_reports does not say on which day {report_id} was landed, so it cannot"
            f" be said whether it was there on {day}."
        )
    first = connection.sql(f"select min({landed_on}) from {reports}").fetchall()[0][0]
    if first is None or first > day:
        raise WrongCall(f"Nothing had been landed by {day}: the first report was on {first}.")
    connection.execute(
        f"create temp table later as select report_id from {reports}"
        f" where {landed_on} > cast('{day}' as date)"
    )
    ending = "csv" if form == AS_SEED else "parquet"
    for table, rows in tables.items():
        kept = f"select * from {rows} anti join later using (report_id)"
        _write(connection, kept, target / f"{table}.{ending}", form)


def _tables(source: Path) -> Iterator[tuple[str, str]]:
    """Give each raw table of a folder, and how DuckDB reads it."""
    for table in RAW_TABLES:
        for name, reader in READERS.items():
            pattern = name.format(table)
            if next(source.glob(pattern), None):
                yield table, _reading(source / pattern, reader)
                break


def _reading(files: Path, reader: str) -> str:
    return reader.replace("?", f"'{quoted(files)}'")


def _write(connection: duckdb.DuckDBPyConnection, rows: str, file: Path, form: str) -> None:
    connection.execute(f"copy ({rows}) to '{quoted(file)}' (format {form})")
