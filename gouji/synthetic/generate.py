"""Synthetic reports that agree with themselves, in both layouts, over several years.

Every number is drawn by a hash of the seed and of what it is about (agency, year, line, column):
the same seed gives the same reports on any machine, in any number of threads, and a larger set
begins with the smaller one. How often a cell is zero, how heavy its tail is and in which ways it
is printed follow the hundred real reports of the raw seeds.

What makes the reports consistent:

* requests carried over are a part of the year's new ones, and next year's carried in; processed
  is what is left, and is shared out over the outcome lines;
* stocks (documents in force, items) are walked from year to year by a drawn change;
* a consolidated report adds up its members, cell by cell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.paths import find_project
from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS
from gouji.sql import quoted, sql
from gouji.synthetic.landing_folder import LandingFolder, new_landing_folder

FIRST_YEAR = 2019
LAST_YEAR = 2025
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
REPORTS_IN_A_CHUNK = 100_000

# The numbers of a chunk of reports, sparse: a row only where something is not zero.
NUMBERS = ("request_numbers", "review_numbers", "disclosure_numbers")
OTHER_PARTS = ("other_no_correction", "other_fee_unpaid", "other_other")
CONSTANTS: dict[str, object] = {
    "columns": RAW_TABLES,
    "first_year": FIRST_YEAR,
    "last_year": LAST_YEAR,
    "applicants": APPLICANT_COLUMNS[:-1],
    "results": RESULT_COLUMNS[:-1],
    "other_parts": OTHER_PARTS,
    # Lines that some reports leave out where they have nothing to say.
    "lines_left_out": ("unprocessed_publication", "unprocessed_excessive", *OTHER_PARTS[1:]),
}


@dataclass(frozen=True)
class Generated:
    """How much was written."""

    folder: Path
    reports: int
    agencies: int


def generate(
    folder: Path,
    *,
    reports: int,
    seed: int = 1,
    kind: str = "parquet",
    bodies_before: int = 0,
    memory_limit: str = "3GB",
    say: Callable[[str], None] = lambda _line: None,
) -> Generated:
    """Write synthetic reports as a landing folder.

    Args:
        folder: where to write; it must be new or empty.
        reports: how many reports, exactly.
        seed: the same seed gives the same reports.
        kind: `parquet` or `csv`.
        bodies_before: the bodies are numbered from here on, so that folders can stand together.
        memory_limit: what DuckDB may use.
        say: is told how far the work is, a line at a time.

    Raises:
        WrongCall: the folder is not empty, the format is not known, or no report is asked for.
    """
    if reports < 1:
        raise WrongCall(f"At least one report must be asked for, not {reports}.")
    target = new_landing_folder(folder, kind)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute(f"set temp_directory = '{quoted(folder / '.spill')}'")
        agencies = _plan(connection, reports, seed, bodies_before)
        for table in ("agencies", "rollup_members"):
            connection.execute(target.write(_sql(table), target.beside(table)))
        for year in YEARS:
            for table in RAW_TABLES:
                target.part(table, year, 0).parent.mkdir(parents=True)
        chunks = -(-reports // REPORTS_IN_A_CHUNK)
        for chunk in range(chunks):
            for numbers in ("chunk", *NUMBERS):
                connection.execute(_sql(numbers, chunk=chunk))
            _write_chunk(connection, target, chunk)
            say(f"{min((chunk + 1) * REPORTS_IN_A_CHUNK, reports):,} of {reports:,} reports")
    spill = folder / ".spill"
    if spill.exists():
        spill.rmdir()
    return Generated(folder, reports, agencies)


def _plan(
    connection: duckdb.DuckDBPyConnection, reports: int, seed: int, bodies_before: int
) -> int:
    """Plan the bodies, who adds up whom, and the reports; give how many bodies there are."""
    reference = quoted(find_project(Path(__file__)).root / "seeds" / "reference")
    connection.execute(_sql("draws", seed=seed))
    connection.execute(_sql("vocabulary", reference=reference))
    connection.execute(_sql("groups", reports=reports))
    connection.execute(_sql("bodies", bodies_before=bodies_before))
    connection.execute(_sql("reports", reports=reports, reports_in_a_chunk=REPORTS_IN_A_CHUNK))
    planned, agencies = connection.sql(
        "select count(*), count(distinct a) from reports"
    ).fetchall()[0]
    if planned != reports:
        raise WrongCall(f"{reports} reports were asked for, but only {planned} can be planned.")
    return int(agencies)


def _write_chunk(connection: duckdb.DuckDBPyConnection, target: LandingFolder, chunk: int) -> None:
    years = connection.sql("select distinct y from chunk_reports order by y").fetchall()
    for (year,) in years:
        connection.execute(
            f"create or replace table year_reports as select * from chunk_reports where y = {year}"
        )
        for table in RAW_TABLES:
            connection.execute(target.write(_sql(table), target.part(table, year, chunk)))


def _sql(name: str, **names: object) -> str:
    return sql(f"synthetic/queries/generate/{name}.sql", **CONSTANTS, **names)
