"""Each published build adds its row to the history, and says what made it and what it changed."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gouji.audit.verdicts import Audit, Verdict
from gouji.changes import changes_of
from gouji.errors import WrongCall
from gouji.export.datapackage import edition
from gouji.paths import Project
from gouji.publish.commit import commit_of
from gouji.publish.history import built_on, record_audit, record_run, run_moment

TABLES = """
create schema marts;
create schema quality;
create schema reference;
create table marts.dim_report (
    report_id varchar, agency_id varchar, report_year integer, is_current boolean
);
create table marts.fct_requests (
    report_id varchar, agency_id varchar, report_year integer, is_consolidated boolean,
    line_code varchar, applicant_type varchar,
    value bigint, reported_value bigint, value_status varchar
);
create table marts.fct_review_litigation as
select * exclude (line_code, applicant_type), 'review' as channel, 'upheld' as result
from marts.fct_requests;
create table marts.fct_published_items as
select
    * exclude (line_code, applicant_type, value),
    'fee' as line_code, 'amount' as measure_code, value::decimal(28, 4) as value
from marts.fct_requests;
create table quality.fct_identity_checks as
select 'broken' as status, false as is_acknowledged from range(40);
create table quality.issues (report_id varchar, identity_id varchar, slice varchar);
"""


@dataclass(frozen=True)
class Report:
    """An edition with the numbers of one line of table 三, by kind of applicant."""

    report_id: str
    numbers: dict[str, int | None]
    corrected: dict[str, int]

    @property
    def place(self) -> tuple[str, int]:
        """Its body and its year."""
        agency, _, year = self.report_id.removesuffix("-r2").rpartition("-")
        return agency, int(year)


def report(report_id: str, *, corrected: dict[str, int] | None = None, **numbers: Any) -> Report:
    return Report(report_id, numbers, corrected or {})


def warehouse_with(
    path: Path,
    issues: Iterable[str] = (),
    reports: Iterable[Report] = (),
    batch: Iterable[str] | None = None,
) -> Path:
    """Make a database as dbt leaves it: of an increment, if its batch is given."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
        for identity_id in issues:
            connection.execute("insert into quality.issues values ('r', ?, 'all')", [identity_id])
        for one in reports:
            connection.execute(
                "insert into marts.dim_report values (?, ?, ?, true)", [one.report_id, *one.place]
            )
            for applicant_type, number in one.numbers.items():
                status = "blank" if number is None else "absent" if number < 0 else "reported"
                reported = number if status == "reported" else None
                value = one.corrected.get(applicant_type, reported)
                connection.execute(
                    "insert into marts.fct_requests values (?, ?, ?, false, 'granted', ?, ?, ?, ?)",
                    [one.report_id, *one.place, applicant_type, value, reported, status],
                )
        if batch is not None:
            connection.execute(
                "create schema batch;"
                "create table batch.build_state as select true as is_by_increment;"
                "create table batch.fact_batch (report_id varchar, report_year integer)"
            )
            for report_id in batch:
                connection.execute(
                    "insert into batch.fact_batch values (?, ?)",
                    [report_id, report(report_id).place[1]],
                )
    return path


def history(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(
            "select input_sha256, reports, request_rows, issues_opened, issues_closed,"
            " issues_still_open from quality.run_history order by published_at"
        ).fetchall()


def changes(path: Path) -> set[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.sql(
            "select report_id, column_code, why, change, before, after, status_before, status_after"
            " from quality.value_changes"
        ).fetchall()
    assert len(rows) == len(set(rows))
    return set(rows)


def test_the_first_build_opens_all_its_issues(tmp_path: Path) -> None:
    first = warehouse_with(tmp_path / "first.duckdb", ["a", "b"])
    record_run(first, tmp_path / "none.duckdb", "one")
    assert history(first) == [("one", 0, 0, 2, 0, 0)]


def test_a_later_build_goes_on_from_the_published_one(tmp_path: Path) -> None:
    first = warehouse_with(tmp_path / "first.duckdb", ["a", "b"], [report("a-2023", natural=1)])
    record_run(first, tmp_path / "none.duckdb", "one")
    second = warehouse_with(tmp_path / "second.duckdb", ["b", "c", "d"])
    record_run(second, first, "two")
    assert history(second) == [("one", 1, 1, 2, 0, 0), ("two", 0, 0, 2, 1, 1)]


def test_no_two_builds_have_one_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in one second, nor when the clock was set back in between."""
    built, versions = tmp_path / "none.duckdb", []
    for number, moment in enumerate(("1700000000", "1700000000", "1600000000")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        before, built = built, warehouse_with(tmp_path / f"{number}.duckdb", ["a"])
        record_run(built, before, "one")
        with duckdb.connect(str(built), read_only=True) as connection:
            versions.append(edition(connection).version.partition("+")[2])
    assert versions == ["20231114T221320Z", "20231114T221321Z", "20231114T221322Z"]


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


BEFORE = (
    report("same-2023", natural=4, corporate=None),
    report("read-2023", natural=4, corporate=None, research=-1, welfare=0),
    report("mended-2023", natural=4, corporate=7),
    report("mended-again-2023", natural=4, corrected={"natural": 5}),
    report("revised-2023", natural=4, corporate=7, legal=1),
    report("gone-2023", natural=4, corporate=None, research=-1),
)
AFTER = (
    BEFORE[0],
    report("read-2023", natural=6, corporate=0, research=3, welfare=-1),
    report("mended-2023", natural=4, corporate=7, corrected={"natural": 3}),
    report("mended-again-2023", natural=4),
    report("revised-2023-r2", natural=9, corporate=7, corrected={"natural": 8}),
    report("new-2024", natural=2, corporate=None, research=-1),
)
CHANGED = {
    # zero, blank and absent are three different things
    ("read-2023", "natural", "read_anew", "changed", 4, 6, "reported", "reported"),
    ("read-2023", "corporate", "read_anew", "changed", None, 0, "blank", "reported"),
    ("read-2023", "research", "read_anew", "appeared", None, 3, None, "reported"),
    ("read-2023", "welfare", "read_anew", "disappeared", 0, None, "reported", None),
    ("mended-2023", "natural", "corrected", "changed", 4, 3, "reported", "reported"),
    ("mended-again-2023", "natural", "corrected", "changed", 5, 4, "reported", "reported"),
    ("revised-2023-r2", "natural", "revised", "changed", 4, 8, "reported", "reported"),
    ("revised-2023-r2", "legal", "revised", "disappeared", 1, None, "reported", None),
    ("gone-2023", "natural", "removed", "disappeared", 4, None, "reported", None),
    ("gone-2023", "corporate", "removed", "disappeared", None, None, "blank", None),
    ("new-2024", "natural", "landed", "appeared", None, 2, None, "reported"),
    ("new-2024", "corporate", "landed", "appeared", None, None, None, "blank"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    first = warehouse_with(folder / "first.duckdb", reports=BEFORE)
    record_run(first, folder / "none.duckdb", "one")
    return first


def test_a_first_build_counts_its_values_and_repeats_none(published: Path) -> None:
    assert changes(published) == set()
    with duckdb.connect(str(published), read_only=True) as connection:
        told = connection.sql("select values_landed, values_revised from quality.run_history")
        # a cell that the document does not have is no value
        assert told.fetchall() == [(13, 0)]


EVERY_REPORT = {one.report_id for one in (*BEFORE, *AFTER)}


@pytest.mark.parametrize("batch", [None, EVERY_REPORT, EVERY_REPORT - {"same-2023"}])
def test_each_value_that_changed_is_told_with_why(
    published: Path, tmp_path: Path, batch: set[str] | None
) -> None:
    second = warehouse_with(tmp_path / "second.duckdb", reports=AFTER, batch=batch)
    record_run(second, published, "two")
    assert changes(second) == CHANGED
    with duckdb.connect(str(second), read_only=True) as connection:
        counted = connection.sql(
            "select values_landed, values_revised, values_corrected, values_read_anew,"
            " values_removed from quality.run_history where input_sha256 = 'two'"
        ).fetchall()
    assert counted == [(2, 2, 2, 4, 2)]


def test_the_totals_before_are_those_of_the_build_before(published: Path, tmp_path: Path) -> None:
    second = warehouse_with(tmp_path / "second.duckdb", reports=AFTER)
    record_run(second, published, "two")
    for year in (2023, 2024):
        told = [row for row in changes_of(second).totals if row["report_year"] == year]
        for when, database in (("before", published), ("after", second)):
            with duckdb.connect(str(database), read_only=True) as connection:
                due = connection.execute(
                    "select count(value), sum(value) from marts.fct_requests where report_year = ?",
                    [year],
                ).fetchall()
            assert [(row[f"values_{when}"], row[f"total_{when}"]) for row in told] == due


def test_an_increment_looks_at_what_it_wrote_alone(published: Path, tmp_path: Path) -> None:
    second = warehouse_with(tmp_path / "second.duckdb", reports=AFTER, batch=["mended-2023"])
    record_run(second, published, "two")
    assert {report_id for report_id, *_ in changes(second)} == {"mended-2023"}


def test_amounts_keep_their_fractions(tmp_path: Path) -> None:
    fee = (
        "insert into marts.dim_report values ('a-2023', 'a', 2023, true);"
        "insert into marts.fct_published_items by name select 'a-2023' as report_id,"
        " 'a' as agency_id, 2023 as report_year, false as is_consolidated, 'fee' as line_code,"
        " 'amount' as measure_code, {0} as value, {0} as reported_value, 'reported' as value_status"
    )
    builds = []
    for name, amount in (("first", "1.5"), ("second", "1.25")):
        builds.append(warehouse_with(tmp_path / f"{name}.duckdb"))
        with duckdb.connect(str(builds[-1])) as connection:
            connection.execute(
                "alter table marts.fct_published_items alter reported_value type decimal(28, 4)"
            )
            connection.execute(fee.format(amount))
        record_run(builds[-1], builds[0] if len(builds) > 1 else tmp_path / "none.duckdb", name)
    assert {row[4:6] for row in changes(builds[1])} == {(Decimal("1.5"), Decimal("1.25"))}


def test_the_state_of_a_day_is_of_that_day(tmp_path: Path) -> None:
    of_a_day = warehouse_with(tmp_path / "of_a_day.duckdb")
    record_run(of_a_day, tmp_path / "none.duckdb", "one", as_of=date(2025, 3, 31))
    assert built_on(of_a_day) == date(2025, 3, 31)
