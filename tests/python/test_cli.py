"""What the commands show and how they end, over the real warehouse."""

import re
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from gouji.landing.read_old_office import find_office

Gouji = Callable[..., subprocess.CompletedProcess[str]]


def change(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(sql)


def test_a_build_ends_with_the_figures_of_the_warehouse(
    first_build: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = first_build
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    with duckdb.connect(str(folder / "gouji.duckdb"), read_only=True) as connection:
        reports = connection.sql("select count(*) from marts.dim_report").fetchall()[0][0]
        cells = connection.sql("select count(*) from marts.fct_requests").fetchall()[0][0]
        broken = connection.sql(
            "select count(*) from quality.fct_identity_checks"
            " where status = 'broken' and identity_id = 'requests.balance'"
        ).fetchall()[0][0]
    assert f"Reports: {reports}," in done.stdout
    assert re.search(rf"三 requests +{cells:,} ", done.stdout)
    assert re.search(rf"requests\.balance( +[0-9,]+){{2}} +{broken} ", done.stdout)
    assert re.search(r"warehouse_integrity +\d+ +0 +0", done.stdout)
    assert done.stdout.rstrip().endswith(f"Published: {folder / 'gouji.duckdb'}")
    assert max(map(len, done.stdout.splitlines())) <= 140


def test_check_passes_and_strict_asks_for_acknowledgement(warehouse: Path, gouji: Gouji) -> None:
    before = warehouse.stat()
    done = gouji("check", "--strict", "--warehouse", warehouse.parent)
    assert done.returncode == 1, done.stderr
    assert "are not acknowledged" in done.stderr
    assert re.search(r"requests\.balance +第一项加第二项之和", done.stdout)
    assert warehouse.stat().st_mtime_ns == before.st_mtime_ns


def test_strict_passes_where_every_issue_is_acknowledged(
    warehouse_copy: Path, gouji: Gouji
) -> None:
    change(
        warehouse_copy,
        """
        update quality.fct_identity_checks set is_acknowledged = true where status = 'broken';
        update quality.issues set is_acknowledged = true;
        update quality.identity_coverage set acknowledged = broken;
        insert into stewardship.acknowledged_issues by name
        select
            report_id, identity_id, slice, lhs as observed_lhs, rhs as observed_rhs,
            'why' as reason, 'me' as acknowledged_by, current_date as acknowledged_on,
            current_date + 1 as expires_on
        from quality.issues;
        insert into quality.cause_history
        select root_cause_id, 'acknowledged', current_date, 'why', 'me', count(*)
        from quality.issues group by root_cause_id;
        update quality.cause_states set
            state = 'acknowledged', state_since = current_date, acknowledged_on = current_date,
            checks_acknowledged = checks, checks_open = 0
        """,
    )
    done = gouji("check", "--strict", "--warehouse", warehouse_copy.parent)
    assert done.returncode == 0, done.stderr


def test_a_known_bad_row_is_caught(warehouse_copy: Path, gouji: Gouji) -> None:
    change(warehouse_copy, "delete from marts.fct_requests where rowid = 0")
    done = gouji("check", "--warehouse", warehouse_copy.parent)
    assert done.returncode == 1
    assert "tables.marts.fct_requests in 1 rows, first report_id " in done.stderr
    assert "column (row), found none, or one less, due a row" in done.stderr
    report = warehouse_copy.parent / "audit" / "check" / "tables.json"
    assert "one less" in report.read_text("utf-8")


def test_an_exception_in_an_expectation_is_never_read_as_bad_data(
    warehouse_copy: Path, gouji: Gouji
) -> None:
    change(warehouse_copy, "drop table marts.agency_year")
    done = gouji("check", "--warehouse", warehouse_copy.parent)
    assert done.returncode == 3
    assert "tables.marts.agency_year" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in gouji("--debug", "check", "--warehouse", warehouse_copy.parent).stderr


@pytest.mark.parametrize("command", ["build", "check", "doctor"])
def test_outside_a_project_the_call_is_wrong(command: str, tmp_path: Path, gouji: Gouji) -> None:
    done = gouji(command, cwd=tmp_path)
    assert done.returncode == 2
    assert "dbt_project.yml" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_check_without_a_warehouse_says_what_to_do(tmp_path: Path, gouji: Gouji) -> None:
    done = gouji("check", "--warehouse", tmp_path / "none")
    assert done.returncode == 2
    assert "gouji build" in done.stderr


def test_check_of_a_file_that_is_no_warehouse(tmp_path: Path, gouji: Gouji) -> None:
    (tmp_path / "gouji.duckdb").write_text("no database", "utf-8")
    done = gouji("check", "--warehouse", tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / "gouji.duckdb") in done.stderr


def test_a_landing_folder_that_is_not_there(tmp_path: Path, gouji: Gouji) -> None:
    done = gouji("build", "--warehouse", tmp_path / "w", "--landing", tmp_path / "none")
    assert done.returncode == 2
    assert str(tmp_path / "none") in done.stderr


def test_a_wrong_option_is_a_wrong_call(gouji: Gouji) -> None:
    assert gouji("build", "--wharehouse", "x").returncode == 2


def test_doctor_looks_at_a_sound_warehouse(warehouse: Path, gouji: Gouji) -> None:
    done = gouji("doctor", "--warehouse", warehouse.parent)
    assert re.search(r"duckdb +1\.5\.5", done.stdout)
    assert re.search(r"published +opens", done.stdout)
    assert re.search(r"lock +free", done.stdout)
    scans = r"read by rapidocr" if find_spec("rapidocr") else r"not read: .*pip install"
    assert re.search(rf"scans +{scans}", done.stdout)
    office = "read by /" if find_office() else "not read"
    assert re.search(rf"old Office files +{office}", done.stdout)
    assert "leftover" not in done.stdout


def test_doctor_finds_what_is_wrong(tmp_path: Path, gouji: Gouji) -> None:
    (tmp_path / "gouji.duckdb").write_text("no database", "utf-8")
    (tmp_path / ".building").mkdir()
    done = gouji("doctor", "--warehouse", tmp_path)
    assert done.returncode == 2
    assert re.search(r"wrong +published", done.stdout)
    assert "leftover" in done.stdout


def test_doctor_compares_with_the_lock_file(small_project: Path, gouji: Gouji) -> None:
    (small_project / "requirements.lock").write_text(
        "duckdb==1.0.0 \\\n    --hash=sha256:00\nno-such-package==1.0\n"
        'colorama==0.4 ; sys_platform == "win32"\n',
        "utf-8",
    )
    done = gouji("doctor", cwd=small_project)
    assert done.returncode == 2
    assert re.search(r"wrong +duckdb +1\.5\.5, the lock file has 1\.0\.0", done.stdout)
    assert re.search(r"wrong +no-such-package +missing", done.stdout)
    assert "colorama" not in done.stdout
