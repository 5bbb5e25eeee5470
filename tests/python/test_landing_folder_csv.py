"""A landing folder of CSV files is read in one dialect, whatever stands where in a long file."""

import csv
import subprocess
import sys
from pathlib import Path

import duckdb

from conftest import PLAIN_DBT, ROOT, clean_environment
from gouji.raw_tables import RAW_TABLES

# Far beyond the rows that DuckDB looks at when it guesses a dialect.
ROWS = 40_000
FIRST_QUOTED = 36_714
QUOTED = ("1007", "1,007", 'as "printed"', "two\nlines", "")


def test_a_quoted_cell_late_in_a_long_file_is_read_without_its_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "landing"
    folder.mkdir()
    for table, columns in RAW_TABLES.items():
        (folder / f"{table}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    line = ",".join(["{report}", "new_requests", *["0"] * 6, "{total}"])
    with (folder / "raw_requests.csv").open("a", encoding="utf-8") as file:
        for row in range(ROWS):
            late = row - FIRST_QUOTED
            text = QUOTED[late] if 0 <= late < len(QUOTED) else "7"
            quoted = '"' + text.replace('"', '""') + '"' if 0 <= late < len(QUOTED) else text
            file.write(line.format(report=row, total=quoted) + "\n")
    with (folder / "raw_requests.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == ROWS + 1

    settings = {
        "GOUJI_LANDING": str(folder),
        "GOUJI_DB": str(tmp_path / "gouji.duckdb"),
        "DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test",
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "log"),
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "build",
            "--quiet",
            "--select",
            "+raw_requests",
            "--exclude-resource-type",
            "test",
            "unit_test",
        ],
        cwd=ROOT,
        env=clean_environment() | PLAIN_DBT | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(settings["GOUJI_DB"], read_only=True) as connection:
        assert connection.sql("select count(*) from raw.raw_requests").fetchall() == [(ROWS,)]
        totals = connection.sql(
            "select total from raw.raw_requests"
            f" where cast(report_id as integer) between {FIRST_QUOTED} and"
            f" {FIRST_QUOTED + len(QUOTED) - 1} order by cast(report_id as integer)"
        ).fetchall()
    assert [total for (total,) in totals] == [text or None for text in QUOTED]
