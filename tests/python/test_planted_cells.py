"""A wrong cell in a raw seed breaks the checks that contain it and no other."""

import csv
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from conftest import PLAIN_DBT

ROOT = Path(__file__).parents[2]
CLEAN = "640300-keji-2019"
OTHER_CLEAN = "350128-caizheng-2019"


@dataclass(frozen=True)
class Build:
    """What a `dbt build` printed, and the file that it wrote."""

    output: str
    database: Path

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.sql(sql).fetchall()


def copy_project(target: Path) -> Path:
    for folder in ("models", "macros", "tests", "seeds"):
        shutil.copytree(ROOT / folder, target / folder)
    for file in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / file, target / file)
    return target


def plant(project: Path, table: str, key: dict[str, str], column: str, printed: str) -> None:
    path = project / "seeds" / "raw" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    planted = [row for row in rows if all(row[name] == text for name, text in key.items())]
    assert len(planted) == 1, f"{key} names {len(planted)} rows of {path}"
    planted[0][column] = printed
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def dbt_build(project: Path) -> Build:
    database = project / "planted.duckdb"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "build", "--no-use-colors"),
            *("--exclude-resource-type", "unit_test"),
        ],
        cwd=project,
        env=os.environ | PLAIN_DBT | {"GOUJI_DB": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Build(done.stdout, database)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Build:
    project = copy_project(tmp_path_factory.mktemp("planted") / "gouji")
    row = {"report_id": CLEAN, "line_code": "new_requests"}
    plant(project, "raw_requests", row, "total", "1")
    row = {"report_id": CLEAN, "channel": "review"}
    plant(project, "raw_reviews", row, "upheld", "2")
    row = {"report_id": OTHER_CLEAN, "line_code": "granted"}
    plant(project, "raw_requests", row, "natural_person", "several")
    return dbt_build(project)


def test_exactly_the_checks_that_contain_the_cell_are_broken(planted: Build) -> None:
    broken = planted.rows(
        "select identity_id, slice, lhs, rhs from quality.fct_identity_checks"
        f" where status = 'broken' and report_id = '{CLEAN}' order by 1, 2"
    )
    assert broken == [
        # as published: the signs of two changes are lost
        ("narrative.coercion_power_change", "all", -1, 1),
        ("narrative.penalty_power_change", "all", -4, 4),
        ("narrative.penalty_power_items", "all", 10, 18),
        ("requests.applicants", "new_requests", 1, 0),
        ("requests.balance", "total", 1, 0),
        ("review.total", "all", 0, 2),
    ]


def test_the_other_reports_keep_their_verdicts(planted: Build, warehouse: Path) -> None:
    verdicts = (
        "select report_id, identity_id, slice, status, lhs, rhs, reason"
        " from quality.fct_identity_checks"
        f" where report_id not in ('{CLEAN}', '{OTHER_CLEAN}') order by all"
    )
    assert planted.rows(verdicts) == Build("", warehouse).rows(verdicts)


def test_each_break_is_shown_with_both_sides(planted: Build) -> None:
    assert f"{CLEAN}  requests.balance  total  left 1, right 0" in planted.output
    assert f"{CLEAN}  review.total  all  left 0, right 2" in planted.output


def test_text_that_is_no_number_is_unreadable_and_named(planted: Build) -> None:
    assert planted.rows(
        "select value, reported_value, value_status from marts.fct_requests"
        f" where report_id = '{OTHER_CLEAN}' and line_code = 'granted'"
        " and applicant_type = 'natural_person'"
    ) == [(None, None, "unreadable")]
    assert planted.rows(
        "select identity_id, slice, status, reason from quality.fct_identity_checks"
        f" where report_id = '{OTHER_CLEAN}' and status <> 'holds'"
        " and reason not like 'last year:%' order by 1"
    ) == [
        ("requests.applicants", "granted", "not_assessable", "unreadable: natural_person"),
        ("requests.outcomes", "natural_person", "not_assessable", "unreadable: granted"),
    ]
    assert "unreadable: 'several' in 1 cells of 1 reports" in planted.output
