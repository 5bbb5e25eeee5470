"""What a build leaves behind when it ends well, ends badly, or is killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from conftest import SMALL
from gouji.paths import Warehouse
from gouji.publish.builds import current
from gouji.publish.history import today
from gouji.publish.notify import tell, write_worse
from gouji.publish.worse import Worse

ROOT = Path(__file__).parents[2]
KILLS = 40 if os.environ.get("GOUJI_FULL_TESTS") else 12

Gouji = Callable[..., subprocess.CompletedProcess[str]]
Build = Callable[[], subprocess.CompletedProcess[str]]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of the small project's warehouse, whether it is built or not."""
    return tmp_path / SMALL / "warehouse"


@pytest.fixture
def build(tmp_path: Path, gouji: Gouji) -> Build:
    """Build the small project."""
    return lambda: gouji("build", "--no-site", cwd=tmp_path / SMALL)


def set_row(project: Path, note: str, year: str = "2024") -> None:
    """Write the one row of the one seed, so that builds can be told apart."""
    seed = project / "seeds" / "raw" / "raw_reports.csv"
    seed.write_text(f"report_id,report_year,note\n000000-a-{year},{year},{note}\n", "utf-8")


def note_of(database: Path) -> str:
    """Read what `set_row` left in a database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.sql("select note from raw.raw_reports").fetchone()
    assert row is not None
    return str(row[0])


def created_of(store: Path) -> str:
    """When the data package says that it was made."""
    package = json.loads((store / "parquet" / "datapackage.json").read_text("utf-8"))
    return str(package["created"])


def published_of(store: Path) -> str:
    """The same, as the database says it."""
    with duckdb.connect(str(store / "gouji.duckdb"), read_only=True) as connection:
        found = connection.sql(
            "select strftime(max(published_at) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
            " from quality.run_history"
        ).fetchall()
    return str(found[0][0])


def leftovers(store: Path) -> set[str]:
    """Name what lies in the warehouse's folder and does not belong there."""
    published = {"gouji.duckdb", "gouji.previous.duckdb", "parquet", "site", "builds", "current"}
    usual = published | {".lock", ".last_build.json", ".told.json", "audit", "dbt"}
    return {path.name for path in store.glob("*")} - usual


@contextmanager
def running(project: Path, *, until: str = "") -> Iterator[subprocess.Popen[str]]:
    """Run a build beside the test, started and, if asked, come as far as a line of its output."""
    command = [sys.executable, "-m", "gouji.cli", "build", "--no-site"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a run that was started in the background hands down that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        while until and until not in process.stdout.readline():
            assert process.poll() is None, "the build ended before it came that far"
        yield process


def processes_of(store: Path) -> list[int]:
    """Find the processes that have the warehouse's folder on their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                command = (folder / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if str(store).encode() in command:
                found.append(int(folder.name))
    return found


def wait_until_gone(store: Path) -> None:
    deadline = time.monotonic() + 15
    while processes_of(store):
        assert time.monotonic() < deadline, "dbt outlived the build that started it"
        time.sleep(0.05)


@contextmanager
def open_for_writing(database: Path) -> Iterator[None]:
    """Have another program hold the file, as most SQL clients do, and write to it."""
    held = (
        "import duckdb, sys\n"
        f"connection = duckdb.connect({str(database)!r})\n"
        "connection.execute(\"update raw.raw_reports set note = 'scribble'\")\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def test_builds_follow_each_other(
    built_project: Path, store: Path, gouji: Gouji, build: Build
) -> None:
    assert note_of(store / "gouji.duckdb") == "first"
    warehouse = Warehouse(store)
    tell(warehouse, warehouse.published, ["true"], today())
    set_row(built_project, "second")
    # what a build that was killed may leave of dbt's memory does not matter
    parsed = store / "dbt" / "target" / "partial_parse.msgpack"
    parsed.write_bytes(parsed.read_bytes()[: parsed.stat().st_size // 2])
    with duckdb.connect(str(store / "gouji.duckdb"), read_only=True) as reader:
        done = build()
        assert done.returncode == 0, done.stderr
        # a reader that came before goes on reading what it opened
        assert reader.sql("select note from raw.raw_reports").fetchall() == [("first",)]
    assert note_of(store / "gouji.duckdb") == "second"
    assert note_of(store / "gouji.previous.duckdb") == "first"
    assert leftovers(store) == set()
    assert "Published" in done.stdout
    # this build names no hook, so what got worse with it waits
    write_worse(current(warehouse), [Worse("coverage", 7, [])])
    set_row(built_project, "third", year="2023")
    with open_for_writing(store / "gouji.duckdb"):
        done = gouji("build", "--no-site", "--notify", "false", cwd=built_project)
    # a hook that fails is said, and takes nothing back
    assert done.returncode == 3, done.stderr
    assert "could not be told to false: it ended with exit code 1" in done.stderr
    assert done.stdout.rstrip().endswith(f"Published: {store / 'gouji.duckdb'}")
    assert "is open for writing in another program" in done.stdout + done.stderr
    assert note_of(store / "gouji.duckdb") == "third"
    assert note_of(store / "gouji.previous.duckdb") == "scribble"
    assert leftovers(store) == set()
    with duckdb.connect(str(store / "gouji.duckdb"), read_only=True) as connection:
        runs = connection.sql("select count(*) from quality.run_history").fetchall()
    assert runs == [(3,)]
    told = gouji("diff", "--format", "csv", cwd=built_project)
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[1:] == [
        "000000-a-2023,000000-a,2023,disclosures,fee,amount,appeared,landed,,1.5000,,reported,false",
        "000000-a-2023,000000-a,2023,requests,granted,natural_person,appeared,landed,,,,blank,false",
        "000000-a-2024,000000-a,2024,disclosures,fee,amount,disappeared,removed,1.5000,,reported,,false",
        "000000-a-2024,000000-a,2024,requests,granted,natural_person,disappeared,removed,,,blank,,false",
    ]
    heard = built_project / "heard"
    again = gouji("build", "--no-site", "--notify", f"tee {heard}", cwd=built_project)
    assert again.returncode == 0, again.stderr
    assert "Nothing has changed since the build of " in again.stdout
    assert "broken checks: 1\n  000000-a-2023 review.total all" in heard.read_text("utf-8")
    assert "fewer of those expected: 7\n" in heard.read_text("utf-8")


def test_a_second_build_is_refused(small_project: Path, store: Path, gouji: Gouji) -> None:
    with running(small_project, until="dbt") as first:
        refused = gouji("build", "--no-site", cwd=small_project)
        assert refused.returncode == 2
        assert f"process {first.pid}" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert first.wait() == 0
    assert note_of(store / "gouji.duckdb") == "first"


def test_a_site_that_fails_publishes_nothing(
    built_project: Path, store: Path, gouji: Gouji, build: Build
) -> None:
    set_row(built_project, "second")
    # its warehouse has none of the tables that a site is made of
    done = gouji("build", cwd=built_project)
    assert done.returncode == 2
    assert "Nothing was published, as the site is not written" in done.stderr
    assert note_of(store / "gouji.duckdb") == "first"
    assert leftovers(store) == set()


def test_over_the_same_input_nothing_is_built(
    built_project: Path, store: Path, gouji: Gouji, build: Build
) -> None:
    before = (store / "current").resolve()
    again = build()
    assert again.returncode == 0, again.stderr
    assert "Nothing has changed since the build of " in again.stdout
    assert again.stdout.rstrip().endswith(f"Published: {store / 'gouji.duckdb'}")
    assert "dbt" not in again.stdout
    assert (store / "current").resolve() == before
    assert leftovers(store) == set()
    anyway = gouji("build", "--no-site", "--full", cwd=built_project)
    assert anyway.returncode == 0, anyway.stderr
    published = (store / "current").resolve()
    assert published != before
    # what somebody wrote to the published file is not kept, though the input is the same
    with duckdb.connect(str(store / "gouji.duckdb")) as connection:
        connection.execute("update raw.raw_reports set note = 'scribble'")
    mended = build()
    assert "Another program wrote to " in mended.stdout
    assert note_of(store / "gouji.duckdb") == "first"


def test_the_build_before_is_restored(
    small_project: Path, store: Path, gouji: Gouji, build: Build
) -> None:
    none = gouji("restore", cwd=small_project)
    assert none.returncode == 2
    for note in ("first", "second"):
        set_row(small_project, note)
        assert build().returncode == 0
    created = created_of(store)
    for note, other in (("first", "second"), ("second", "first")):
        done = gouji("restore", cwd=small_project)
        assert done.returncode == 0, done.stderr
        assert note_of(store / "gouji.duckdb") == note
        assert note_of(store / "gouji.previous.duckdb") == other
        assert created_of(store) == published_of(store)
    assert created_of(store) == created
    # the next build knows that the restored one was made from something else
    assert gouji("restore", cwd=small_project).returncode == 0
    assert build().returncode == 0
    assert note_of(store / "gouji.duckdb") == "second"


def test_a_critical_failure_of_the_audit_blocks(
    built_project: Path, store: Path, build: Build
) -> None:
    set_row(built_project, "too old", year="1999")
    blocked = build()
    assert blocked.returncode == 1
    assert "raw_tables.year_known in 1 rows, first report_id 000000-a-1999" in blocked.stderr
    assert len(blocked.stderr.splitlines()) == 1
    assert note_of(store / "gouji.duckdb") == "first"
    assert note_of(store / "gouji.rejected.duckdb") == "too old"
    assert "000000-a-1999" in (store / "audit" / "build" / "raw_tables.json").read_text("utf-8")
    assert leftovers(store) == {"gouji.rejected.duckdb"}
    set_row(built_project, "mended")
    assert build().returncode == 0
    assert leftovers(store) == set()


def test_a_failing_dbt_test_blocks(small_project: Path, store: Path, build: Build) -> None:
    seed = small_project / "seeds" / "raw" / "raw_reports.csv"
    seed.write_text(seed.read_text("utf-8") + "000000-a-2024,2024,again\n", "utf-8")
    blocked = build()
    assert blocked.returncode == 1
    first = "unique_raw_reports_report_id (1 rows, first unique_field 000000-a-2024"
    assert first in blocked.stderr
    compiled = Path(blocked.stderr.split("SQL in ")[1].split(")")[0])
    assert "report_id" in compiled.read_text("utf-8")
    assert not (store / "gouji.duckdb").exists()
    assert leftovers(store) == {"gouji.rejected.duckdb"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("seeds/raw/raw_reports.csv", "report_id,report_year,note\na,2024,b,c,d\ne,2024,f\n"),
        ("models/marts/dim_report.sql", "select * from {{ ref('nowhere') }}"),
        ("models/marts/dim_report.sql", "select nothing from {{ ref('int_reports') }}"),
        ("dbt_project.yml", "name: [small"),
        ("profiles.yml", "small: [dev"),
        ("expectations/suites/raw_tables.yml", "rules: [{rule_id: year_known}]"),
        ("expectations/great_expectations.yml", "config_version: ["),
    ],
)
def test_a_wrong_file_is_named(
    small_project: Path,
    store: Path,
    build: Build,
    file: str,
    text: str,
) -> None:
    (small_project / file).write_text(text, "utf-8")
    wrong = build()
    assert wrong.returncode == 2, wrong.stderr
    assert Path(file).name in wrong.stderr
    assert len(wrong.stderr.splitlines()) == 1
    assert leftovers(store) == set()


def test_an_interrupted_build_leaves_nothing(small_project: Path, store: Path) -> None:
    with running(small_project, until="dbt") as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    wait_until_gone(store)
    assert leftovers(store) == set()


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_last_good_file(
    small_project: Path, store: Path, build: Build
) -> None:
    """Builds are killed at moments spread over their whole length; readers never miss the file."""
    started = time.monotonic()
    assert build().returncode == 0
    length = time.monotonic() - started
    published = "first"
    spread = random.Random(20190605)
    for kill in range(KILLS):
        note = f"build {kill}"
        set_row(small_project, note)
        with running(small_project) as process:
            time.sleep(length * (kill + spread.random()) / KILLS)
            process.kill()
            was_reading = note_of(store / "gouji.duckdb")
            assert created_of(store) == published_of(store)
        assert was_reading in {published, note}
        published = note_of(store / "gouji.duckdb")
        assert published == was_reading
    wait_until_gone(store)
    set_row(small_project, "last")
    done = build()
    assert done.returncode == 0, done.stderr
    assert note_of(store / "gouji.duckdb") == "last"
    assert leftovers(store) == set()
