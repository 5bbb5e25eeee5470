"""Each published build adds its row to the history of the ones before."""

from pathlib import Path

import duckdb

from gouji.publish.history import record_run

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
