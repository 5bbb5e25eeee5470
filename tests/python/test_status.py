"""`gouji status`: five lines that are what the warehouse and its last build say."""

import errno
import json
import os
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from conftest import ROOT, copied
from gouji.doctor import examine
from gouji.errors import DataFailed, ToolFailed
from gouji.paths import Project, Warehouse
from gouji.publish.attempt import attempt, last_attempt
from gouji.publish.lock import exclusive
from gouji.screen import show_summary
from gouji.status import status
from gouji.summary import summarise
from gouji.worklist.make import make_worklist

Gouji = Callable[..., subprocess.CompletedProcess[str]]


def test_five_lines_are_what_the_warehouse_says(warehouse: Path, gouji: Gouji) -> None:
    done = gouji("status", "--warehouse", warehouse.parent)
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(":", 1) for line in done.stdout.splitlines())
    assert list(lines) == ["Published", "Last build", "Data", "Issues", "For a person"]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        issues, causes, landed, reports = connection.sql(
            "select (select count(*) from quality.issues),"
            " (select count(distinct root_cause_id) from quality.issues),"
            " (select max(landed_on) from marts.dim_report),"
            " (select count(*) from marts.dim_report where is_current)"
        ).fetchall()[0]
    assert f"a full build; {reports} reports of " in lines["Published"]
    assert lines["Last build"].endswith("ago), published")
    assert f"last landed {landed};" in lines["Data"]
    assert lines["Data"].endswith("nothing changed since the build")
    assert f" {issues} open, of {causes} causes; asked about 0," in lines["Issues"]
    assert f"{causes} causes of broken checks" in lines["For a person"]


@pytest.fixture
def store(warehouse: Path, tmp_path: Path) -> Warehouse:
    return Warehouse(copied(warehouse, tmp_path / "copy").parent)


def lines(store: Warehouse) -> dict[str, str]:
    return dict(status(Project(ROOT), store, None))


def test_where_nothing_is_broken_nothing_is_counted(store: Warehouse, tmp_path: Path) -> None:
    """Of no rows DuckDB's `count_if` is null, which no screen can print."""
    with duckdb.connect(str(store.published)) as connection:
        for table in ("cause_states", "issues"):
            connection.execute(f"delete from quality.{table}")
    assert "0 open, of 0 causes; asked about 0, answered 0," in lines(store)["Issues"]
    assert "causes of broken checks to look at" not in lines(store)["For a person"]
    make_worklist(store.published, tmp_path / "worklist.xlsx")
    with duckdb.connect(str(store.published)) as connection:
        connection.execute("delete from marts.dim_report")
    summary = summarise(store.published)
    assert set(summary.causes.values()) == {0}
    said = StringIO()
    show_summary(Console(file=said, width=200), summary)
    assert "Reports: 0, of 0 agencies" in said.getvalue()
    assert "Causes of broken checks: 0; open: 0" in said.getvalue()


def test_how_the_last_build_ended_is_told(store: Warehouse) -> None:
    with pytest.raises(DataFailed), attempt(store.last_build):
        raise DataFailed("Three rows\nare wrong.")
    told = lines(store)
    assert told["Last build"].endswith("failed with exit code 1: Three rows are wrong.")
    assert "the last build failed" in told["For a person"]
    with attempt(store.last_build) as said:
        began = store.last_build.read_text("utf-8")
        with exclusive(store.lock):
            assert "running since" in lines(store)["Last build"]
            # killed, while its dbt, which inherits the lock, has not ended
            written = store.lock.read_text("utf-8")
            gone = subprocess.Popen(["true"])
            gone.wait()
            store.lock.write_text(written.replace(f"{os.getpid()}", f"{gone.pid}"), "utf-8")
            assert "and was killed" in lines(store)["Last build"]
            (found,) = (one for one in examine(Project(ROOT), store) if one.topic == "lock")
            assert "was killed, and what it had started is still ending" in found.found
        assert "and was killed" in lines(store)["Last build"]
        said.append("nothing had changed")
    assert json.loads(began)["ended_at"] is None
    told = lines(store)
    assert told["Last build"].endswith("nothing had changed")
    assert "the last build failed" not in told["For a person"]
    with pytest.raises(OSError, match="No space"), attempt(store.last_build):
        raise OSError(errno.ENOSPC, "No space left on device", "gouji.duckdb")
    assert "exit code 2: gouji.duckdb: No space left" in lines(store)["Last build"]
    with pytest.raises(ToolFailed), attempt(store.last_build):
        raise ToolFailed("dbt could not build a.sql: IO Error: No space left on device")
    assert "exit code 2: The disk is full. dbt could not build a.sql" in lines(store)["Last build"]
    store.last_build.write_text("{", "utf-8")
    assert last_attempt(store.last_build) is None
    assert lines(store)["Last build"] == "nothing is known of it"


def test_what_waits_for_a_person_is_named(store: Warehouse) -> None:
    with duckdb.connect(str(store.published)) as connection:
        connection.execute("update quality.cause_states set state = 'asked'")
    assert lines(store)["For a person"] == "nothing", "the bodies have not answered"
    with duckdb.connect(str(store.published)) as connection:
        changed = "update quality.cause_states set state = 'answered' where severity = 'error'"
        ((answered,),) = connection.execute(changed).fetchall()
    assert answered
    assert lines(store)["For a person"] == f"{answered} answers of bodies to decide on"
    assert f", answered {answered}," in lines(store)["Issues"]
    with duckdb.connect(str(store.published)) as connection:
        connection.execute("update quality.cause_states set state = 'corrected', checks_open = 0")
    assert lines(store)["For a person"] == "nothing"
    assert lines(store)["Issues"].startswith("0 open, of 0 causes;")
    store.rejected.touch()
    with duckdb.connect(str(store.published)) as connection:
        connection.execute(
            "insert into stewardship.acknowledged_issues by name"
            " select 'a' as report_id, current_date + 3 as expires_on"
        )
    told = lines(store)["For a person"]
    assert "gouji.rejected.duckdb was held back by a gate" in told
    assert "1 decisions expire within 30 days" in told


def test_without_a_warehouse_the_call_is_wrong(tmp_path: Path, gouji: Gouji) -> None:
    done = gouji("status", "--warehouse", tmp_path)
    assert done.returncode == 2
    assert "gouji build makes one" in done.stderr
