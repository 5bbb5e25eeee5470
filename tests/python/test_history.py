"""Each published build adds its row to the history of the ones before, and says what made it."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from gouji.audit.verdicts import Audit, Verdict
from gouji.errors import WrongCall
from gouji.paths import Project
from gouji.publish.commit import commit_of
from gouji.publish.history import record_audit, record_run, run_moment

TABLES = """
create schema marts;
create schema quality;
create table marts.dim_report as select 'r' as report_id, true as is_current;
create table marts.fct_requests as select 1 as value from range(156);
create table marts.fct_review_litigation as select 1 as value from range(12);
create table marts.fct_published_items as select 1 as value from range(10);
create table quality.fct_identity_checks as
select 'broken' as status, false as is_acknowledged from range(40);
create table quality.issues as
select 'r' as report_id, identity_id, 'all' as slice from (select unnest(?) as identity_id)
"""


def warehouse_with(path: Path, issues: list[str]) -> Path:
    with duckdb.connect(str(path)) as connection:
        *tables, issues_table = TABLES.split(";")
        connection.execute(";".join(tables))
        connection.execute(issues_table, [issues])
    return path


def history(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(
            "select input_sha256, reports, request_rows, issues_opened, issues_closed,"
            " issues_still_open from quality.run_history order by published_at"
        ).fetchall()


def test_the_first_build_opens_all_its_issues(tmp_path: Path) -> None:
    first = warehouse_with(tmp_path / "first.duckdb", ["a", "b"])
    record_run(first, tmp_path / "none.duckdb", "one")
    assert history(first) == [("one", 1, 156, 2, 0, 0)]


def test_a_later_build_goes_on_from_the_published_one(tmp_path: Path) -> None:
    first = warehouse_with(tmp_path / "first.duckdb", ["a", "b"])
    record_run(first, tmp_path / "none.duckdb", "one")
    second = warehouse_with(tmp_path / "second.duckdb", ["b", "c", "d"])
    record_run(second, first, "two")
    assert history(second) == [("one", 1, 156, 2, 0, 0), ("two", 1, 156, 2, 1, 1)]


def test_the_moment_of_a_build_may_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, no two builds would be equal files."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    database = warehouse_with(tmp_path / "first.duckdb", ["a"])
    record_run(database, tmp_path / "none.duckdb", "one", "abc")
    verdict = Verdict("suite", "rule", "规则", "Rule", "warning", 0, [], None)
    record_audit(database, Audit([verdict], tmp_path))
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.sql(
            "select published_at, audited_at, git_commit"
            " from quality.run_history cross join quality.audit_results"
        ).fetchall()
    moment = datetime.fromtimestamp(1700000000, UTC)
    assert found == [(moment, moment, "abc")]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(WrongCall, match="not yesterday"):
        run_moment()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs((run_moment() - datetime.now(UTC)).total_seconds()) < 60


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", "-C", folder, *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_commit_is_that_of_the_code(tmp_path: Path) -> None:
    seed = tmp_path / "seeds" / "raw" / "raw_reports.csv"
    seed.parent.mkdir(parents=True)
    seed.write_text("report_id\n", "utf-8")
    code = tmp_path / "dbt_project.yml"
    code.write_text("name: small\n", "utf-8")
    project = Project(tmp_path)
    git(tmp_path, "init", "--quiet")
    # it lies in a repository that knows nothing of it
    assert commit_of(project) is None
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    seed.write_text("report_id\na-2023\n", "utf-8")
    assert commit_of(project) == commit
    code.write_text("name: other\n", "utf-8")
    assert commit_of(project) == f"{commit}-dirty"
