"""The benchmark at a small size: every way to the same tables comes to the same ones."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import hand_made
from benchmarks.data import Data
from benchmarks.equality import compare_files
from benchmarks.room import room_for_pandas
from benchmarks.steps import Unequal, equal
from benchmarks.with_pandas.tables import TABLES
from conftest import ROOT, clean_environment
from gouji.synthetic.generate import LAST_YEAR, generate

STEPS = ("data", "build", "hand-written", "pandas", "queries", "night", "faults")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the benchmark of 400 reports has run, without the slow steps.

    Before the hand-written script makes what is there after the night, another night comes: in one
    of its reports, of a body that has taken another one over, numbers are written in every way.
    """
    folder = tmp_path_factory.mktemp("bench")
    bench(folder, *STEPS, "--keep")
    merge_and_spell(Data(folder / "400" / "data", 400))
    bench(folder, "night", "night-equal")
    return folder


def bench(folder: Path, *arguments: str) -> None:
    """Run steps of the benchmark, and options of it."""
    steps = (("--only", step) if step[0] != "-" else (step,) for step in arguments)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "--reports", "400", "--runs", "1", "--no-tests"),
            *(argument for step in steps for argument in step),
            *("--folder", str(folder), "--results", str(folder / "RESULTS.md")),
            *("--picture", str(folder / "growth.svg")),
        ],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def merge_and_spell(data: Data) -> None:
    """Let a body of the night take another one over, and write its numbers in every way."""
    with duckdb.connect() as connection:

        def bodies(folder: Path, year: int) -> list[tuple[str, str]]:
            """The reports without a fault, each with its body."""
            return connection.execute(
                "select report_id, agency_id"
                f" from read_parquet('{folder}/raw_reports/*/*.parquet', hive_partitioning = false)"
                f" anti join '{data.landing}/truth/faults.parquet' using (report_id)"
                " where report_year = ? order by report_id",
                [str(year)],
            ).fetchall()

        report, taker = bodies(data.night, LAST_YEAR)[0]
        taken = next(b for _, b in bodies(data.landing, LAST_YEAR - 1) if b != taker)
        connection.execute(
            f"copy (select '{taken}' as predecessor_agency_id, '{taker}' as successor_agency_id,"
            f" 'merged' as succession_kind, '{LAST_YEAR}' as effective_year, '' as share)"
            f" to '{data.landing}/agency_successions.parquet' (format parquet)"
        )
        spelt = hand_made.SPELLINGS.split(" ")
        for table, column in (("raw_requests", "natural_person"), ("raw_disclosures", "printed")):
            file = next((data.night / table).rglob("*.parquet"))
            number = f"(row_number() over (partition by report_id)) % {len(spelt)} + 1"
            connection.execute(
                "create or replace temp table spelt as"
                f" select * replace (case report_id when ? then (?::varchar[])[{number}]"
                f" else {column} end as {column}) from '{file}'",
                [report, spelt],
            )
            connection.execute(f"copy spelt to '{file}' (format parquet)")


@pytest.mark.slow
def test_dbt_pandas_and_the_hand_written_script_agree(measured: Path) -> None:
    figures = json.loads((measured / "400" / "figures.json").read_text())
    assert figures["equality"]["rows"] > 100_000
    assert figures["night_equality"]["rows"] > figures["equality"]["rows"]
    assert figures["pandas"]["seconds"] > 0
    assert figures["pandas_equality"]["tables"] == 4
    assert figures["pandas_equality"]["rows"] > 50_000
    assert all(row["rows"] and not row["difference"] for row in figures["queries"]["asked"])
    assert len(figures["queries"]["asked"]) == 10
    assert figures["faults"]["total"]["recall"] == 1


@pytest.mark.slow
def test_the_page_says_what_was_measured(measured: Path) -> None:
    page = (measured / "RESULTS.md").read_text()
    assert "full build with dbt's tests : hand-written script" in page
    assert "pandas : full build, at 400 reports |" in page
    assert "Equal at 400 reports, dbt and pandas, without the cells in doubt: 4 tables" in page
    assert "up to the last of the four tables of pandas" in page
    assert "The targets are meant for 1,000,000 reports" in page
    assert str(ROOT) not in page


@pytest.mark.slow
def test_nothing_large_is_left_behind(measured: Path) -> None:
    assert [path.name for path in (measured / "400").iterdir()] == ["figures.json"]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables that pandas makes, and a database that holds the same."""
    folder = tmp_path_factory.mktemp("pandas")
    generate(folder / "landing", reports=40, seed=3)
    subprocess.run(
        [sys.executable, "-m", "benchmarks.with_pandas", folder / "landing", folder],
        cwd=ROOT,
        env=clean_environment(),
        check=True,
    )
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for schema in ("marts", "quality"):
            connection.execute(f"create schema {schema}")
        for table in TABLES:
            made = connection.read_parquet(str(folder / f"{table}.parquet"))
            decimals = [
                f"{name}::decimal(28, 4) as {name}"
                for name, kind in zip(made.columns, made.types, strict=True)
                if kind == "DOUBLE"
            ]
            replaced = f"* replace ({', '.join(decimals)})" if decimals else "*"
            made.select(replaced).create(table)
    return folder


def differences(folder: Path, table: str, file: Path) -> list[str]:
    """How a file differs from the table of that name."""
    (compared,) = compare_files(folder / "warehouse.duckdb", {table: file}, folder / "spill")
    return compared.differences


@pytest.mark.parametrize("table", TABLES)
def test_one_other_value_in_any_column_is_seen(tables: Path, tmp_path: Path, table: str) -> None:
    made = tables / f"{table}.parquet"
    assert differences(tables, table, made) == []
    for column in TABLES[table].split():
        planted = tmp_path / f"{column}.parquet"
        plant_one(made, column, planted)
        files = {table: planted}
        compared = compare_files(tables / "warehouse.duckdb", files, tmp_path / "spill")
        assert len(compared[0].differences) == 2, column
        with pytest.raises(Unequal, match=f"dbt and pandas differ:\n  {table}: only in one"):
            equal("pandas", compared)


def plant_one(made: Path, column: str, planted: Path) -> None:
    """Copy a file with another value in one row."""
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(made), file_row_number=True)
        kind = str(rows[column].types[0])
        other = {
            "VARCHAR": f"concat({column}, '.')",
            "BOOLEAN": f"not {column}",
            "DOUBLE": f"coalesce({column}, 0) + 0.0001",
        }.get(kind, f"(coalesce({column}, 0) + 1)::{kind}")
        rows.select(
            "* exclude (file_row_number)"
            f" replace (case when file_row_number = 7 then {other} else {column} end as {column})"
        ).write_parquet(str(planted))


def test_a_missing_column_or_row_is_seen(tables: Path, tmp_path: Path) -> None:
    table = "marts.fct_requests"
    narrow, short = tmp_path / "narrow.parquet", tmp_path / "short.parquet"
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(tables / f"{table}.parquet"))
        rows.select("* exclude (stage)").write_parquet(str(narrow))
        rows.limit(rows.shape[0] - 1).write_parquet(str(short))
    assert differences(tables, table, narrow) == ["stage: VARCHAR / not there"]
    assert len(differences(tables, table, short)) == 1


def test_pandas_is_given_what_fits() -> None:
    gib = 2**30

    def of(**peaks: float) -> dict[int, dict[str, dict[str, float]]]:
        return {int(size[1:]): {"pandas": {"peak": peak * gib}} for size, peak in peaks.items()}

    assert room_for_pandas({}, 24 * gib).at_most == 100_000
    assert room_for_pandas(of(n1000=0.2), 24 * gib).at_most == 100_000
    assert room_for_pandas(of(n10000=0.5), 24 * gib).at_most == 400_000
    room = room_for_pandas(of(n10000=0.5, n100000=6), 24 * gib)
    assert room.at_most == 300_000
    assert room.why.startswith("pandas has room for 300,000 reports")
    assert "100,000 took 6.0 GiB, and at that rate no more fit into 85%" in room.why
    # what was measured has fitted
    assert room_for_pandas(of(n100000=6), 4 * gib).at_most == 100_000
