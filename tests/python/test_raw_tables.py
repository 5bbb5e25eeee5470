"""The raw columns, named once, are those of the raw seeds and of the form's vocabulary."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("table", RAW_TABLES)
def test_columns_are_the_seeds(table: str) -> None:
    assert tuple(rows(SEEDS / "raw" / f"{table}.csv")[0]) == RAW_TABLES[table]
    (told,) = yaml.safe_load((SEEDS / "raw" / f"{table}.yml").read_text("utf-8"))["seeds"]
    assert tuple(column["name"] for column in told["columns"]) == RAW_TABLES[table]


def test_columns_are_the_vocabulary() -> None:
    applicants = rows(SEEDS / "reference" / "applicant_types.csv")[1:]
    results = rows(SEEDS / "reference" / "channels_results.csv")[1:]
    assert tuple(row[0] for row in applicants) == APPLICANT_COLUMNS
    assert tuple(row[1] for row in results if row[0] == "result") == RESULT_COLUMNS


def test_a_project_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "gouji", tmp_path / "gouji")
    file = tmp_path / "dbt_project.yml"
    file.write_text("vars: {", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gouji.cli", "doctor"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"{file} is no YAML: ")
    assert "Traceback" not in done.stderr
