"""Publishing and restoring: killed before any of their steps, readers see files of one build."""

import errno
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from gouji.errors import WrongCall
from gouji.paths import Warehouse
from gouji.publish.builds import current, previous, publish, restore, settle, show
from gouji.publish.swap import seal

NAMES = ("oldest", "old", "new", "next")
# What changes a disk, as Python tells it to hooks (docs.python.org/3/library/audit_events.html).
STEPS = {"os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
# Each path that readers know, the file in it that they look at, and where one build has it.
READ = {
    "gouji.duckdb": "gouji.duckdb",
    "parquet": "parquet/datapackage.json",
    "site": "site/index.html",
    "dbt/published": "dbt/published/manifest.json",
}


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A database for each build."""
    folder = tmp_path_factory.mktemp("databases")
    for name in NAMES:
        with duckdb.connect(str(folder / name)) as connection:
            connection.execute(f"create table build as select '{name}' as name")
        seal(folder / name)
    return {name: (folder / name).read_bytes() for name in NAMES}


Make = Callable[[Path, str], Path]


@pytest.fixture
def make(databases: dict[str, bytes]) -> Make:
    """Write to a folder what a build makes."""

    def made(folder: Path, name: str) -> Path:
        for file in READ.values():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(
                databases[name] if file.endswith(".duckdb") else name.encode()
            )
        (folder / "site" / ".gouji-site").touch()
        return folder

    return made


@pytest.fixture(autouse=True)
def _nothing_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing of what it wrote; only a machine does."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(params=["linked", "unlinked"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A disk, with or without links of either kind."""

    def refuse(self: Path, target: object, **_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(self))

    if request.param == "unlinked":
        monkeypatch.setattr(Path, "symlink_to", refuse)
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    return str(request.param)


def builds_seen(warehouse: Warehouse, databases: dict[str, bytes]) -> dict[str, str]:
    """Name the build of everything that a reader finds."""
    names = {content: name for name, content in databases.items()}
    found = {}
    for place, file in READ.items():
        if (warehouse.root / file).exists():
            content = (warehouse.root / file).read_bytes()
            found[place] = names.get(content) or content.decode()
    return found


def previous_seen(warehouse: Warehouse, databases: dict[str, bytes]) -> str | None:
    names = {content: name for name, content in databases.items()}
    return names[warehouse.previous.read_bytes()] if warehouse.previous.exists() else None


def whole(name: str) -> dict[str, str]:
    return dict.fromkeys(READ, name)


def killed(act: Callable[[], object], at: int) -> bool:
    """Do something in a process that is killed before one of its steps; false if it had fewer."""
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal steps
            writes = os.O_WRONLY | os.O_RDWR
            flags = arguments[2] if event == "open" else 0
            if event in STEPS or (isinstance(flags, int) and flags & writes):
                steps += 1
                if steps == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(count)
            act()
        except BaseException:  # noqa: BLE001  # whatever it is, this process ends here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, -signal.SIGKILL}
    return status != 0


def publish_named(warehouse: Warehouse, make: Make, name: str) -> None:
    publish(make(warehouse.building, name), warehouse)


@pytest.mark.usefixtures("disk")
def test_builds_follow_each_other(tmp_path: Path, make: Make, databases: dict[str, bytes]) -> None:
    warehouse = Warehouse(tmp_path)
    before = None
    for name in NAMES:
        settle(warehouse)
        publish_named(warehouse, make, name)
        assert builds_seen(warehouse, databases) == whole(name)
        assert previous_seen(warehouse, databases) == before
        before = name
    assert len(list(warehouse.builds.iterdir())) == 2
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.usefixtures("disk")
def test_a_copy_that_follows_links_ends(tmp_path: Path, make: Make) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.root.mkdir()
    for name in NAMES:
        settle(warehouse)
        publish_named(warehouse, make, name)
    for take_back in (False, True, True):
        if take_back:
            restore(warehouse)
        copy = tmp_path / "copy"
        shutil.copytree(current(warehouse).root, copy)
        assert not (copy / "previous" / "previous").exists()
        shutil.rmtree(copy)


def test_a_build_without_a_site_shows_none(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    """The site of an earlier build would tell of another database."""
    warehouse = Warehouse(tmp_path)
    settle(warehouse)
    publish_named(warehouse, make, "old")
    shutil.rmtree(make(warehouse.building, "new") / "site")
    publish(warehouse.building, warehouse)
    without = {place: "new" for place in READ if place != "site"}
    assert builds_seen(warehouse, databases) == without
    settle(warehouse)
    assert builds_seen(warehouse, databases) == without
    # `gouji site` writes it into the build
    site = current(warehouse).site
    site.mkdir()
    (site / "index.html").write_text("new", encoding="utf-8")
    show(warehouse)
    assert builds_seen(warehouse, databases) == whole("new")


@pytest.mark.usefixtures("disk")
def test_killed_at_any_step_of_publishing_one_build_is_seen(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    for step in range(1, 1000):
        warehouse = Warehouse(tmp_path / str(step))
        warehouse.root.mkdir()
        for name in ("oldest", "old"):
            settle(warehouse)
            publish_named(warehouse, make, name)
        make(warehouse.building, "new")
        was_killed = killed(lambda: publish(warehouse.building, warehouse), step)  # noqa: B023
        seen = builds_seen(warehouse, databases)
        assert seen["gouji.duckdb"] in {"old", "new"}, step
        assert seen == dict.fromkeys(seen, seen["gouji.duckdb"]), step
        settle(warehouse)
        seen = builds_seen(warehouse, databases)
        assert seen in (whole("old"), whole("new")), step
        assert previous_seen(warehouse, databases) == {"old": "oldest", "new": "old"}[seen["site"]]
        publish_named(warehouse, make, "next")
        assert builds_seen(warehouse, databases) == whole("next")
        assert previous_seen(warehouse, databases) == seen["site"]
        if not was_killed:
            break
        shutil.rmtree(warehouse.root)
    assert not was_killed
    assert step > 4


@pytest.mark.usefixtures("disk")
def test_killed_at_any_step_of_restoring_one_build_is_seen(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    for step in range(1, 1000):
        warehouse = Warehouse(tmp_path / str(step))
        warehouse.root.mkdir()
        for name in ("oldest", "old", "new"):
            settle(warehouse)
            publish_named(warehouse, make, name)
        was_killed = killed(lambda: restore(warehouse), step)  # noqa: B023
        seen = builds_seen(warehouse, databases)
        assert seen == dict.fromkeys(seen, seen["gouji.duckdb"]), step
        settle(warehouse)
        seen = builds_seen(warehouse, databases)
        other = {"old": "new", "new": "old"}[seen["gouji.duckdb"]]
        assert seen == whole(seen["gouji.duckdb"])
        assert previous_seen(warehouse, databases) == other
        restore(warehouse)
        assert builds_seen(warehouse, databases) == whole(other)
        if not was_killed:
            break
        shutil.rmtree(warehouse.root)
    assert not was_killed
    assert other == "new"


@pytest.mark.usefixtures("disk")
def test_killed_at_any_step_of_taking_over_an_older_layout_no_two_builds_are_seen(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    """Files that an earlier version published stand in the places of links."""

    def act(warehouse: Warehouse) -> None:
        settle(warehouse)
        publish(warehouse.building, warehouse)

    for step in range(1, 1000):
        warehouse = Warehouse(tmp_path / str(step))
        make(warehouse.root, "old")
        warehouse.previous.write_bytes(databases["oldest"])
        make(warehouse.building, "new")
        was_killed = killed(lambda: act(warehouse), step)  # noqa: B023
        seen = builds_seen(warehouse, databases)
        assert seen["gouji.duckdb"] in {"old", "new"}, step
        assert seen == dict.fromkeys(seen, seen["gouji.duckdb"]), step
        settle(warehouse)
        seen = builds_seen(warehouse, databases)
        publish_named(warehouse, make, "next")
        assert builds_seen(warehouse, databases) == whole("next")
        assert previous_seen(warehouse, databases) == seen["gouji.duckdb"]
        if not was_killed:
            break
        shutil.rmtree(warehouse.root)
    assert not was_killed


def test_a_reader_who_holds_a_build_reads_on(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    warehouse = Warehouse(tmp_path)
    settle(warehouse)
    publish_named(warehouse, make, "old")
    held = current(warehouse)
    publish_named(warehouse, make, "new")
    assert builds_seen(held, databases) == whole("old")
    before = previous(warehouse)
    assert before
    assert before.root == held.root


@pytest.mark.usefixtures("disk")
def test_without_a_build_before_there_is_nothing_to_restore(tmp_path: Path, make: Make) -> None:
    warehouse = Warehouse(tmp_path)
    settle(warehouse)
    publish_named(warehouse, make, "old")
    with pytest.raises(WrongCall, match="keeps no build before"):
        restore(warehouse)


def test_a_build_that_does_not_open_is_not_restored(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    warehouse = Warehouse(tmp_path)
    settle(warehouse)
    publish_named(warehouse, make, "old")
    publish_named(warehouse, make, "new")
    before = previous(warehouse)
    assert before
    os.truncate(before.published, 100)
    with pytest.raises(WrongCall, match="does not open"):
        restore(warehouse)
    assert builds_seen(warehouse, databases) == whole("new")


def test_somebodys_own_link_is_not_replaced(tmp_path: Path, make: Make) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.root.mkdir()
    (tmp_path / "www").mkdir()
    warehouse.site.symlink_to(tmp_path / "www")
    settle(warehouse)
    with pytest.raises(WrongCall, match="is a link to somewhere else"):
        publish_named(warehouse, make, "old")
    assert warehouse.site.resolve() == tmp_path / "www"


def test_a_copy_whose_links_became_files_is_taken_over(
    tmp_path: Path, make: Make, databases: dict[str, bytes]
) -> None:
    origin, copied = Warehouse(tmp_path / "origin"), Warehouse(tmp_path / "copy")
    origin.root.mkdir()
    for name in ("oldest", "old"):
        settle(origin)
        publish_named(origin, make, name)
    shutil.copytree(origin.root, copied.root)  # as `cp -rL` does
    assert not copied.current.is_symlink()
    settle(copied)
    assert builds_seen(copied, databases) == whole("old")
    assert previous_seen(copied, databases) == "oldest"
    publish_named(copied, make, "new")
    assert builds_seen(copied, databases) == whole("new")
    assert previous_seen(copied, databases) == "old"


def test_what_somebody_wrote_by_hand_and_was_cut_off_stays_with_its_build(
    tmp_path: Path, make: Make
) -> None:
    """DuckDB's write-ahead log lies in the folder of the build, whichever path was opened."""
    warehouse = Warehouse(tmp_path)
    settle(warehouse)
    publish_named(warehouse, make, "old")
    child = os.fork()
    if child == 0:
        connection = duckdb.connect(str(warehouse.published))
        connection.execute("set wal_autocheckpoint = '1GB'")
        connection.execute("update build set name = 'scribbled'")
        os._exit(0)
    os.waitpid(child, 0)
    assert current(warehouse).published.with_name("gouji.duckdb.wal").exists()
    publish_named(warehouse, make, "new")
    for database, name in ((warehouse.published, "new"), (warehouse.previous, "scribbled")):
        with duckdb.connect(str(database), read_only=True) as connection:
            assert connection.sql("select name from build").fetchall() == [(name,)]
