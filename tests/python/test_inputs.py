"""What a build is made from: every file that it hangs on is seen, and read no more than needed."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from gouji.paths import Project
from gouji.publish import inputs as module
from gouji.publish.inputs import Inputs, read_inputs

FILES = (
    "dbt_project.yml",
    "seeds/raw/raw_reports.csv",
    "seeds/raw/raw_reports.yml",
    "models/marts/dim_report.sql",
    "models/marts/dim_report.yml",
    "models/docs/reports.md",
    "macros/batch.sql",
    "tests/singular/one.sql",
    "expectations/tables/dim_report.yml",
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in FILES:
        write(tmp_path / "project" / name, "1")
    return Project(tmp_path / "project")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_differs_is_named(project: Project, name: str) -> None:
    before = read_inputs(project, None)
    assert read_inputs(project, None, before).changes(before) == []
    # as long as it was, and within the same tick of the clock
    write(project.root / name, "2")
    assert read_inputs(project, None, before).changes(before) == [name]
    (project.root / name).unlink()
    assert read_inputs(project, None, before).changes(before) == [name]


def test_landed_files_are_inputs_too(project: Project, tmp_path: Path) -> None:
    landed = write(tmp_path / "landing" / "raw_reports" / "report_year=2024" / "a.parquet", "1")
    write(tmp_path / "landing" / ".landing" / "0000001", "waits")
    landing = tmp_path / "landing"
    before = read_inputs(project, landing)
    assert read_inputs(project, landing, before).changes(before) == []
    hashes = {before.sha256_of_data, read_inputs(project, None).sha256_of_data}
    write(landed, "2")
    now = read_inputs(project, landing, before)
    assert now.changes(before) == ["landing/raw_reports/report_year=2024/a.parquet"]
    assert now.sha256_of_data not in hashes
    assert len(hashes) == 2


def test_the_hash_of_the_data_is_of_no_code(project: Project) -> None:
    before = read_inputs(project, None).sha256_of_data
    write(project.root / "macros" / "batch.sql", "2")
    assert read_inputs(project, None).sha256_of_data == before
    write(project.root / "seeds" / "raw" / "raw_reports.csv", "2")
    assert read_inputs(project, None).sha256_of_data != before


@pytest.mark.parametrize("written", ["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}-{0.month}-{0.day}"])
def test_versions_and_what_expires_are_inputs(
    project: Project, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    ledger = project.root / "seeds" / "stewardship" / "acknowledged_issues.csv"
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    write(ledger, f"report_id,expires_on\na,{written.format(tomorrow)}\n")
    before = read_inputs(project, None)

    class DayAfter(date):
        @classmethod
        def today(cls) -> date:
            return tomorrow + timedelta(days=1)

    monkeypatch.setattr(module, "date", DayAfter)
    assert "expired decisions" in read_inputs(project, None).changes(before)
    monkeypatch.undo()
    monkeypatch.setattr(module, "version", lambda package: "0.0.0")
    assert "dbt-core" in read_inputs(project, None).changes(before)


def test_a_file_in_the_same_state_is_not_read_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_inputs(project, None)
    kept = Inputs.from_json(json.loads(json.dumps(before.as_json())))
    assert kept == before
    # a minute later
    later = Inputs(before.files, before.others, before.read_at + 60 * 10**9)

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr(module.hashlib, "file_digest", refuse)
    assert read_inputs(project, None, later).files == before.files
