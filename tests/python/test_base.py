"""Which published file an increment can go on from, and how much memory it may use."""

import errno
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from gouji.errors import GoujiError, NoRoom, ToolFailed, WrongCall, as_told
from gouji.memory import limit, memory
from gouji.paths import Warehouse
from gouji.progress import Progress
from gouji.publish.base import find_base, lay_base, readable
from gouji.publish.build import NotTold, Unchanged, on_top
from gouji.publish.dbt_run import WrongModel, _judge
from gouji.publish.inputs import Inputs
from gouji.publish.made_from import keep


def test_a_file_that_says_what_it_saw_is_copied(tmp_path: Path) -> None:
    published, database = tmp_path / "published.duckdb", tmp_path / "new.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute("create schema batch")
        connection.execute("create table batch.build_state as select 1 as report_id, 1 as code")
    assert lay_base(published, database)
    assert database.read_bytes() == published.read_bytes()


def test_without_such_a_file_there_is_no_base(tmp_path: Path) -> None:
    database = tmp_path / "new.duckdb"
    assert not lay_base(tmp_path / "none.duckdb", database)
    broken = tmp_path / "broken.duckdb"
    broken.write_text("no database", encoding="utf-8")
    assert not lay_base(broken, database)
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    assert not lay_base(other, database)
    assert not database.exists()


def test_a_file_that_opens_is_read_itself(tmp_path: Path) -> None:
    published, copy = tmp_path / "published.duckdb", tmp_path / "copy.duckdb"
    assert readable(published, copy) == published
    duckdb.connect(str(published)).close()
    assert readable(published, copy) == published
    assert not copy.exists()


def test_a_file_that_does_not_open_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "gouji.duckdb"
    broken.write_text("no database, " * 1000, encoding="utf-8")
    with pytest.raises(WrongCall, match=r"gouji\.duckdb does not open"):
        readable(broken, tmp_path / "copy.duckdb")


def test_a_file_whose_end_is_missing_is_named_though_duckdb_opens_it(tmp_path: Path) -> None:
    cut = tmp_path / "gouji.duckdb"
    with duckdb.connect(str(cut)) as connection:
        for statement in ("create table first", "create table last"):
            connection.execute(f"{statement} as select hash(range) from range(300000)")
            connection.execute("checkpoint")
        # the list of tables goes to the blocks that this leaves free, and `last` is at the end
        connection.execute("drop table first")
        connection.execute("checkpoint")
    os.truncate(cut, cut.stat().st_size - 262144)
    duckdb.connect(str(cut), read_only=True).close()
    with pytest.raises(WrongCall, match=r"gouji\.duckdb does not open.* It has [0-9,]+ of "):
        readable(cut, tmp_path / "copy.duckdb")


def test_a_file_that_is_cut_while_a_build_runs_is_named(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    with duckdb.connect(str(store.published)) as connection:
        connection.execute("create table a as select hash(range) from range(300000)")
    keep(store, Inputs({}, {}, 0))
    base = find_base(store)
    assert base.is_sound
    assert base.readable_now() == store.published
    os.truncate(store.published, store.published.stat().st_size - 262144)
    with pytest.raises(WrongCall, match=r"gouji\.duckdb does not open"):
        base.readable_now()


def test_a_file_whose_free_end_was_cut_off_by_duckdb_is_whole(tmp_path: Path) -> None:
    database = tmp_path / "gouji.duckdb"
    with duckdb.connect(str(database)) as connection:
        # the first of them DuckDB cannot be asked about
        for table in ('"a"".b"', '"a.b"', "last"):
            connection.execute(f"create table {table} as select hash(range) from range(300000)")
            connection.execute("checkpoint")
        connection.execute("drop table last")
        connection.execute("checkpoint")
    with duckdb.connect(str(database), read_only=True) as connection:
        block, blocks = connection.sql(
            "select block_size, total_blocks from pragma_database_size()"
        ).fetchall()[0]
    # if not, DuckDB has learnt to count, and what the code does about it can go
    assert database.stat().st_size < block * blocks
    assert readable(database, tmp_path / "copy.duckdb") == database
    os.truncate(database, database.stat().st_size - block)
    with pytest.raises(WrongCall, match=r"gouji\.duckdb does not open"):
        readable(database, tmp_path / "copy.duckdb")


@pytest.mark.parametrize("error", [WrongModel("Binder Error"), ToolFailed("out of memory")])
def test_an_increment_that_does_not_fit_is_built_in_full(error: GoujiError) -> None:
    """What an earlier build left may be of other columns: that says nothing about the models."""
    in_full = []

    def run(*, on_node: object, full_refresh: bool = False) -> int:
        in_full.append(full_refresh)
        if not full_refresh:
            raise error
        return 0

    assert on_top(run, Progress(Console(quiet=True))) == 0
    assert in_full == [False, True]


def test_on_a_full_disk_nothing_is_built_twice() -> None:
    runs = []

    def run(**how: object) -> int:
        runs.append(how)
        _judge(ended(f"IO Error: {os.strerror(errno.ENOSPC)}"), Path(), Path())
        return 0

    with pytest.raises(NoRoom, match=r"The disk is full\. .* No space"):
        on_top(run, Progress(Console(quiet=True)))
    assert len(runs) == 1


def ended(*messages: str) -> dict[str, Any]:
    """What dbt's process tells of models that failed with these messages."""
    model = {"kind": "model", "name": "a", "file": "a.sql", "failed": False}
    bad = [model | {"message": message} for message in messages]
    return {"exception": None, "success": False, "bad": bad}


def test_a_full_disk_is_seen_wherever_dbt_says_it() -> None:
    """In the middle of a long message, or in the sixth of many."""
    for messages in (["x" * 400 + "No space left on device"], [*["?"] * 6, "Disk quota exceeded"]):
        with pytest.raises(NoRoom):
            _judge(ended(*messages), Path(), Path())
    with pytest.raises(NoRoom):
        _judge({"exception": "x" * 400 + "No space left on device"}, Path(), Path())


def test_memory_that_finds_no_room_on_the_disk_is_a_full_disk(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("set memory_limit = '40MB'; set threads = 1")
        connection.execute("set max_temp_directory_size = '1MB'")
        with pytest.raises(duckdb.OutOfMemoryException) as full:
            connection.execute("select md5(range::varchar) as a from range(1500000) order by a")
    assert isinstance(as_told(full.value), NoRoom)
    # too little memory is not
    assert not isinstance(as_told(ToolFailed("failed to pin block of size 256.0 KiB")), WrongCall)


def test_what_a_hook_says_of_its_disk_is_not_ours() -> None:
    built = Unchanged(Path("gouji.duckdb"), None)
    assert as_told(NotTold("mail: No space left on device", built)).exit_code == 3


@pytest.mark.parametrize("asked", ["4GB", "512 MB", "1.5GiB", ""])
def test_an_amount_of_memory_is_taken(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_MEMORY", asked)
    with duckdb.connect() as connection:
        limit(connection)


@pytest.mark.parametrize("asked", ["lots", "4", "80%", "-1GB", "4GB'; drop table x"])
def test_anything_else_is_a_wrong_call(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_MEMORY", asked)
    with pytest.raises(WrongCall, match="GOUJI_MEMORY is an amount of memory"):
        memory()
