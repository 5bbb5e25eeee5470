"""The swap itself: killed between any two of its steps, it leaves a file to read."""

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from gouji.paths import Warehouse
from gouji.publish.swap import publish, seal

STEPS = 4

# Publishes, and kills itself where the given step of the swap would begin.
KILLED_AT_STEP = """
import os, signal, sys
from pathlib import Path
from gouji.paths import Warehouse
from gouji.publish.swap import publish

root, killed_at = Path(sys.argv[1]), int(sys.argv[2])
steps = 0

def counted(call):
    def step(*arguments, **named):
        global steps
        steps += 1
        if steps == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return step

Path.replace = counted(Path.replace)
Path.hardlink_to = counted(Path.hardlink_to)
os.fsync = counted(os.fsync)
publish(root / ".building" / "gouji.duckdb", Warehouse(root))
print(steps)
"""


def make(database: Path, name: str) -> Path:
    database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create table build as select '{name}' as name")
    return database


def name_of(database: Path) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        return str(connection.sql("select name from build").fetchall()[0][0])


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with a published and a previous file, and a new one to publish."""
    found = Warehouse(tmp_path)
    make(found.previous, "oldest")
    make(found.published, "old")
    seal(make(found.building / "gouji.duckdb", "new"))
    return found


def run_to(warehouse: Warehouse, step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED_AT_STEP, str(warehouse.root), str(step)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_new_file_takes_the_place_of_the_old(warehouse: Warehouse) -> None:
    done = run_to(warehouse, step=0)
    assert done.stdout == f"{STEPS}\n", done.stderr
    assert (name_of(warehouse.published), name_of(warehouse.previous)) == ("new", "old")


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_killed_at_a_step_it_leaves_a_published_and_a_previous_file(
    warehouse: Warehouse, step: int
) -> None:
    assert run_to(warehouse, step).returncode == -signal.SIGKILL
    assert name_of(warehouse.published) == ("new" if step == STEPS else "old")
    assert name_of(warehouse.previous) in {"oldest", "old"}
    seal(make(warehouse.building / "next.duckdb", "next"))
    publish(warehouse.building / "next.duckdb", warehouse)
    assert name_of(warehouse.published) == "next"


def test_a_write_ahead_log_goes_where_its_file_goes(warehouse: Warehouse) -> None:
    """Somebody wrote to the published file by hand and was cut off."""
    scribble = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        " c.execute(\"set wal_autocheckpoint = '1GB'\");"
        " c.execute(\"update build set name = 'scribbled'\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", scribble, str(warehouse.published)], check=True)
    log = warehouse.published.with_name("gouji.duckdb.wal")
    assert log.exists()
    publish(warehouse.building / "gouji.duckdb", warehouse)
    assert not log.exists()
    assert (name_of(warehouse.published), name_of(warehouse.previous)) == ("new", "scribbled")
