"""A command of somebody's is told what got worse, and only that, until it has heard it."""

import json
import shlex
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from gouji.errors import ToolFailed, WrongCall
from gouji.paths import Warehouse
from gouji.publish.notify import hook_of, keep_untold, tell, told_on, write_worse
from gouji.publish.pointer import point
from gouji.publish.worse import Worse, got_late, got_worse

YESTERDAY, TODAY = date(2025, 1, 31), date(2025, 2, 1)
BEFORE = {
    "quality.issues": [
        ("a-2023", "requests.balance", "total", False),
        ("a-2023", "requests.outcomes", "total", True),
    ],
    "marts.dim_report": [
        ("a-2023", "a", 2023, "one"),
        ("b-2023", "b", 2023, "two"),
        ("c-2023", "c", 2023, None),
    ],
    "marts.report_calendar": [
        ("a", 2023, "a-2023", "2024-01-31", "on_time", None),
        ("b", 2023, "b-2023", "2024-01-31", "late", 30),
        ("c", 2023, "c-2023", None, "not_expected", None),
        ("d", 2023, None, "2024-01-31", "not_landed", None),
        ("e", 2023, None, "2024-01-31", "not_landed", None),
        ("a", 2024, "a-2024", "2025-01-31", "on_time", None),
        ("b", 2024, None, "2025-01-31", "not_landed", None),
    ],
}
COLUMNS = {
    "quality.issues": (
        "report_id varchar, identity_id varchar, slice varchar, is_acknowledged boolean"
    ),
    "marts.dim_report": (
        "report_id varchar, agency_id varchar, report_year integer, source_sha256 varchar"
    ),
    "marts.report_calendar": (
        "agency_id varchar, report_year integer, report_id varchar, due_on date, state varchar,"
        " days_late integer"
    ),
}
YEARS = "Years with fewer reports, or fewer of those expected: 1"
LATE = "Reports late, or past their day and not landed: 1"
Rows = list[tuple[object, ...]]


def write(path: Path, **others: Rows) -> Path:
    """Write a database like the one before, but for the tables whose rows are given."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema quality")
        connection.execute("create table quality.run_history as select now() as published_at")
        for table, columns in COLUMNS.items():
            connection.execute(f"create table {table} ({columns})")
            rows = others.get(table.partition(".")[2], BEFORE[table])
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"insert into {table} values ({places})", rows)
    return path


def with_rows(table: str, *, without: Rows, and_: Rows) -> Rows:
    return [row for row in BEFORE[table] if row not in without] + and_


def calendar(*, without: list[int], and_: Rows) -> Rows:
    gone = [BEFORE["marts.report_calendar"][place] for place in without]
    return with_rows("marts.report_calendar", without=gone, and_=and_)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        # acknowledged before, and the numbers are no longer those
        (
            {"issues": [(*BEFORE["quality.issues"][1][:3], False)]},
            "Newly broken checks: 1\n  a-2023 requests.outcomes total",
        ),
        ({"issues": [("a-2023", "review.total", "all", True)]}, ""),
        # another edition, another document; a report that was not there is no revision
        (
            {"dim_report": [("a-2023", "a", 2023, "other"), ("b-2023-r2", "b", 2023, "new")]},
            "Revised reports: 2\n  a-2023\n  b-2023-r2",
        ),
        ({"dim_report": [*BEFORE["marts.dim_report"], ("a-2024", "a", 2024, "new")]}, ""),
        (
            {"report_calendar": calendar(without=[0, 2], and_=[])},
            YEARS + "\n  2023: 1 reports, were 3; 1 of 3 expected, were 2 of 4",
        ),
        # as many reports, but more are expected
        (
            {
                "report_calendar": calendar(
                    without=[], and_=[("f", 2024, None, "2025-03-31", "not_landed", None)]
                )
            },
            YEARS + "\n  2024: 1 reports, were 1; 1 of 3 expected, were 1 of 2",
        ),
        # one was late all the same, one was missing and came, one came late
        (
            {
                "report_calendar": calendar(
                    without=[3, 6],
                    and_=[
                        ("d", 2023, "d-2023", "2024-01-31", "late", 400),
                        ("b", 2024, "b-2024", "2025-01-20", "late", 2),
                    ],
                )
            },
            LATE + "\n  b for 2024: late, due 2025-01-20",
        ),
    ],
)
def test_what_got_worse_is_found_and_nothing_else(
    tmp_path: Path, change: dict[str, Rows], said: str
) -> None:
    before, now = write(tmp_path / "before.duckdb"), write(tmp_path / "now.duckdb", **change)
    found = got_worse(now, before, YESTERDAY, YESTERDAY)
    assert "\n".join(one.as_text() for one in found) == said


def test_a_day_that_passes_makes_a_season_late(tmp_path: Path) -> None:
    database = write(tmp_path / "gouji.duckdb")
    assert got_late(database, YESTERDAY, YESTERDAY) == []
    (late,) = got_late(database, YESTERDAY, TODAY)
    assert [(row["agency_id"], row["due_on"]) for row in late.rows] == [("b", "2025-01-31")]
    assert got_worse(database, write(tmp_path / "same.duckdb"), YESTERDAY, TODAY) == [late]
    assert got_late(database, TODAY, TODAY) == []


def test_before_the_first_build_nothing_was_better(tmp_path: Path) -> None:
    now = write(tmp_path / "now.duckdb")
    assert got_worse(now, tmp_path / "none.duckdb", TODAY, TODAY) == []
    duckdb.connect(str(tmp_path / "old.duckdb")).close()
    assert got_worse(now, tmp_path / "old.duckdb", TODAY, TODAY) == []


def test_many_rows_are_counted_and_some_are_shown() -> None:
    rows = [{"report_id": f"{number}"} for number in range(30)]
    lines = Worse("revised_reports", 2000, rows).as_text().splitlines()
    assert lines[0] == "Revised reports: 2,000"
    assert lines[-2:] == ["  9", "  and 1,990 more"]


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    """A warehouse whose published build has made a check break."""
    warehouse = Warehouse(tmp_path / "warehouse")
    publish(warehouse, "first", [Worse("revised_reports", 1, [{"report_id": "a-2023-r2"}])])
    return warehouse


def publish(warehouse: Warehouse, name: str, worse: list[Worse]) -> None:
    build = Warehouse(warehouse.builds / name)
    build.root.mkdir(parents=True)
    write(build.published)
    write_worse(build, worse)
    point(warehouse.current, build.root)


def hook(folder: Path, *, fails: bool = False) -> list[str]:
    """A command that keeps what it hears, and may fail then."""
    code = (
        "import os, pathlib, shutil, sys;"
        f"pathlib.Path({str(folder / 'heard.txt')!r}).write_text(sys.stdin.read());"
        f"shutil.copy(os.environ['GOUJI_NOTICE'], {str(folder / 'heard.json')!r});"
        + ("sys.exit('no route')" if fails else "")
    )
    return hook_of(shlex.join([sys.executable, "-c", code]))


def heard(folder: Path) -> list[str]:
    """The kinds that the command has heard of since this was last asked, as text and as JSON."""
    if not (folder / "heard.txt").exists():
        return []
    text = (folder / "heard.txt").read_text()
    facts = json.loads((folder / "heard.json").read_text())
    (folder / "heard.txt").unlink()
    worse = [Worse(**one) for one in facts["worse"]]
    assert text.startswith(f"Something got worse in {facts['database']}, published 2")
    assert text.split("\n\n", 1)[1] == "\n\n".join(one.as_text() for one in worse) + "\n"
    return [one.kind for one in worse]


def test_a_hook_hears_once_what_got_worse(store: Warehouse, tmp_path: Path) -> None:
    for day, expected in (
        (YESTERDAY, ["revised_reports"]),
        (YESTERDAY, []),
        (TODAY, ["late_reports"]),
    ):
        tell(store, store.current / "gouji.duckdb", hook(tmp_path), day)
        assert heard(tmp_path) == expected
        assert told_on(store) == day
    publish(store, "second", [])
    tell(store, store.current / "gouji.duckdb", hook(tmp_path), TODAY)
    assert heard(tmp_path) == []


def test_what_could_not_be_told_is_told_later(store: Warehouse, tmp_path: Path) -> None:
    database = store.current / "gouji.duckdb"
    with pytest.raises(ToolFailed, match=r"exit code 1: no route\. .* published all the same"):
        tell(store, database, hook(tmp_path, fails=True), YESTERDAY)
    assert heard(tmp_path) == ["revised_reports"]
    # the builds are gone by then, one of which was published with no hook, or was killed then
    publish(store, "second", [Worse("coverage", 1, [])])
    for _ in range(2):
        keep_untold(store, database)
    publish(store, "third", [Worse("broken_checks", 1, [])])
    tell(store, database, hook(tmp_path), YESTERDAY)
    assert heard(tmp_path) == ["revised_reports", "coverage", "broken_checks"]
    keep_untold(store, database)
    tell(store, database, hook(tmp_path), YESTERDAY)
    assert heard(tmp_path) == []


def test_a_build_that_was_put_back_is_not_told_again(store: Warehouse, tmp_path: Path) -> None:
    database = store.current / "gouji.duckdb"
    tell(store, database, hook(tmp_path), YESTERDAY)
    publish(store, "second", [Worse("coverage", 1, [])])
    tell(store, database, hook(tmp_path), YESTERDAY)
    assert heard(tmp_path) == ["coverage"]
    point(store.current, store.builds / "first")
    # but of what got late since
    tell(store, database, hook(tmp_path), TODAY)
    assert heard(tmp_path) == ["late_reports"]
    keep_untold(store, database)
    publish(store, "third", [Worse("broken_checks", 1, [])])
    tell(store, database, hook(tmp_path), TODAY)
    assert heard(tmp_path) == ["broken_checks"]


def test_a_build_of_which_nothing_was_told_is_told_when_it_is_put_back(
    store: Warehouse, tmp_path: Path
) -> None:
    """And what got late since it was built, but not what got late before the hook last heard."""
    database = store.current / "gouji.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("update quality.run_history set published_at = ?", [YESTERDAY])
    publish(store, "second", [])
    tell(store, database, hook(tmp_path), YESTERDAY)
    point(store.current, store.builds / "first")
    kept = store.told.read_text("utf-8")
    tell(store, database, hook(tmp_path), TODAY)
    assert heard(tmp_path) == ["revised_reports", "late_reports"]
    store.told.write_text(kept.replace(f"{YESTERDAY}", f"{TODAY}"), "utf-8")
    keep_untold(store, database)
    assert told_on(store) == TODAY
    tell(store, database, hook(tmp_path), TODAY)
    assert heard(tmp_path) == ["revised_reports"]


@pytest.mark.parametrize(
    "unreadable",
    [
        "[",
        '[{"kind": "coverage", "since": "another version"}]',
        '[{"kind": "of another version", "count": 1, "rows": []}]',
        '[{"kind": "coverage", "count": 1, "rows": [{"column": "of another version"}]}]',
    ],
)
def test_what_cannot_be_read_stops_no_build(
    store: Warehouse, tmp_path: Path, unreadable: str
) -> None:
    database = store.current / "gouji.duckdb"
    tell(store, database, hook(tmp_path), YESTERDAY)
    publish(store, "second", [])
    (store.current / "worse.json").write_text(unreadable, "utf-8")
    keep_untold(store, database)
    publish(store, "third", [Worse("broken_checks", 1, [])])
    heard(tmp_path)
    tell(store, database, hook(tmp_path), YESTERDAY)
    assert heard(tmp_path) == ["broken_checks"]


def test_nothing_is_kept_for_a_hook_that_nobody_has(store: Warehouse) -> None:
    keep_untold(store, store.current / "gouji.duckdb")
    assert told_on(store) is None


def test_a_hook_that_is_not_there_is_a_wrong_call() -> None:
    assert hook_of(None) == hook_of("") == []
    for command in ("nowhere-to-be-found --subject x", "mail 'x"):
        with pytest.raises(WrongCall, match="--notify"):
            hook_of(command)
