"""The columns that Python names are those of the raw seeds and of the form's vocabulary."""

import csv
from pathlib import Path

import pytest

from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS

SEEDS = Path(__file__).parents[2] / "seeds"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("table", RAW_TABLES)
def test_columns_are_the_seeds(table: str) -> None:
    assert tuple(rows(SEEDS / "raw" / f"{table}.csv")[0]) == RAW_TABLES[table]


def test_columns_are_the_vocabulary() -> None:
    applicants = rows(SEEDS / "reference" / "applicant_types.csv")[1:]
    results = rows(SEEDS / "reference" / "channels_results.csv")[1:]
    assert tuple(row[0] for row in applicants) == APPLICANT_COLUMNS
    assert tuple(row[1] for row in results if row[0] == "result") == RESULT_COLUMNS
