"""The published build that is served, and how the server goes over to the next one.

A build is a file that is never written again: a publish puts another file in its place. The one
that is served gets a name of its own, a hard link (or is copied, where there can be none), so that
everything that an answer is made of is read from it, whatever is published meanwhile. The next one
is opened and prepared beside it, and then answers begin with that; the old one is closed when its
last answer is given.
"""

import fcntl
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, LifoQueue

import duckdb

from gouji.errors import GoujiError, ToolFailed, WrongCall
from gouji.findings.read import query
from gouji.paths import Warehouse
from gouji.serve.prepare import IN_ORDER, attach, prepare
from gouji.sql import quoted, sql
from gouji.warehouse_file import Record, check_is_there

# For all pages together; a statement of the SQL page has a process of its own.
MEMORY = "600MB"
THREADS = 2
# So many answers of a kind are drawn at once; others wait their turn, no longer than this.
AT_ONCE = 4
SECONDS_TO_WAIT = 30
# A download lasts as long as its reader likes, so there is no use in waiting long for its place.
SECONDS_TO_WAIT_FOR_READERS = 2
# Of reports: emptied and filled with what a page asks for.
REPORTS = "marts.dim_report"
CHECKS = "quality.fct_identity_checks"
MENDED, SUSPECTS = "quality.mended_checks", "quality.suspect_cells"
FINDINGS = "quality.sanity_findings"
CELLS = tuple(name for name in IN_ORDER if name.startswith(("intermediate.", "raw.")))
FEW = (REPORTS, CHECKS, MENDED, SUSPECTS, FINDINGS, *CELLS)
log = logging.getLogger("gouji.serve")

Connection = duckdb.DuckDBPyConnection
Identity = tuple[int, int, int]


class Busy(Exception):
    """More is asked at once than can be answered in time."""


class Connections:
    """Connections of one kind, made when they are needed, and kept."""

    def __init__(self, make: Callable[[], Connection], seconds: float = SECONDS_TO_WAIT) -> None:
        self._make = make
        self._seconds = seconds
        self._free: LifoQueue[Connection] = LifoQueue()
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Give a connection that nobody else uses, for the block.

        Raises:
            Busy: none became free in time.
        """
        if not self._turns.acquire(timeout=self._seconds):
            raise Busy
        try:
            try:
                connection = self._free.get_nowait()
            except Empty:
                connection = self._make()
            # one on which something failed is not used again
            yield connection
            self._free.put(connection)
        finally:
            self._turns.release()


@dataclass(frozen=True)
class Place:
    """A folder for a build's file and what is made of it.

    It belongs to the server that has it open and locked: unlike a process's number, which in a
    container is always the same, a lock ends with the process.
    """

    folder: Path
    descriptor: int

    @classmethod
    def taken(cls, folder: Path) -> "Place | None":
        """Take a folder, unless it belongs to a server that runs."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return cls(folder, descriptor)

    def leave(self) -> None:
        """Let the next server have it."""
        os.close(self.descriptor)

    def clear(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.leave()


@dataclass
class Build:
    """A published build, open.

    Args:
        identity: of the published file.
        place: where its files are.
        file: the name under which the file stays.
        memory: the database in memory to which both files are attached.
        told: what the build says of itself, its row of `quality.run_history`.
        drawn: pages that are drawn once for the build, by path.
        codes: the values by which a column of a list is filtered.
    """

    identity: Identity
    place: Place
    file: Path
    memory: Connection
    drawn: dict[str, str] = field(default_factory=dict)
    codes: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    told: Record = field(init=False)
    answers: int = 0
    drawing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Make the catalog that pages read: every relation, in the order in which it is asked."""
        self._numbers = count(1)
        self.tables = _tables(self.memory)
        self.pages = Connections(self._over_all)
        self.reports = Connections(self._over_few)
        self.lists = Connections(self._over_lists)
        self.tables_read = Connections(self.memory.cursor, SECONDS_TO_WAIT_FOR_READERS)
        self._lay("pages", ())
        with self.pages.one() as connection:
            (self.told,) = query(connection, sql("site/queries/last_build.sql"))

    def _over_all(self) -> Connection:
        return _with_views(self.memory.cursor(), "pages")

    def _over_lists(self) -> Connection:
        return self.memory.cursor().execute("use prepared.lists")

    def _over_few(self) -> Connection:
        """Give a connection to a warehouse of few reports: the large tables are its own, empty."""
        name = f"few_{next(self._numbers)}"
        self._lay(name, FEW)
        return _with_views(self.memory.cursor(), name)

    def _lay(self, name: str, own: tuple[str, ...]) -> None:
        """Lay a catalog with the relations of the build: views, or `own` tables without rows."""
        cursor = self.memory.cursor()
        cursor.execute(f"attach ':memory:' as {name}; use {name}")
        for (schema,) in cursor.execute(
            "select distinct schema_name from duckdb_schemas() where database_name = 'gouji'"
            " and not internal and schema_name <> 'main'"
        ).fetchall():
            cursor.execute(f"create schema {schema}")
        for relation, source in self.tables.items():
            kind, end = ("table", " limit 0") if relation in own else ("view", "")
            cursor.execute(f"create {kind} {relation} as from {source}.{relation}{end}")
        _lay_views(cursor)

    def close(self) -> None:
        """Close the files, and keep them for the next server."""
        self.memory.close()
        self.place.leave()

    def end(self) -> None:
        """Close the files, and take them away."""
        self.memory.close()
        self.place.clear()


def _tables(cursor: Connection) -> dict[str, str]:
    """Give the tables of the build, each with the file in which it stands in order."""
    rows = cursor.execute(
        "select database_name, schema_name || '.' || table_name from duckdb_tables()"
        " where database_name in ('gouji', 'prepared') and schema_name not in ('main', 'lists')"
        " order by database_name"
    ).fetchall()
    return {relation: database for database, relation in rows}


def _lay_views(cursor: Connection) -> None:
    """Make the build's own views anew, so that they read the catalog they stand in."""
    waiting = [
        statement
        for (statement,) in cursor.execute(
            "select sql from duckdb_views() where database_name = 'gouji' and not internal"
        ).fetchall()
    ]
    while waiting:
        left = []
        for statement in waiting:
            try:
                cursor.execute(statement)
            except duckdb.CatalogException:
                # it reads a view that is not there yet
                left.append(statement)
        if len(left) == len(waiting):
            raise ToolFailed(f"These views read what is not there: {left[0][:200]}")
        waiting = left


def _with_views(cursor: Connection, catalog: str) -> Connection:
    cursor.execute(f"use {catalog}")
    return cursor.execute(sql("findings/views.sql"))


def draw_few(build: Build, connection: Connection, report_id: str, editions: set[str]) -> None:
    """Fill a warehouse of few reports, one of `build.reports`, with what a report's page reads.

    That is the report itself with its `editions`, those whose checks read its cells (the next
    year's, the body's that adds it up), and, for every check of these that is broken, all that it
    reads and what would explain it.
    """
    readers = _ids(
        connection,
        "select report_id as id from prepared.lists.readers where source_report_id = $id",
        {"id": report_id},
    ) | {report_id}
    _fill(build, connection, CHECKS, readers)
    broken = _ids(
        connection,
        "select distinct report_id as id from quality.fct_identity_checks"
        " where status = 'broken' or report_id = $id",
        {"id": report_id},
    )
    sources = _ids(
        connection,
        "select source_report_id as id from prepared.intermediate.int_check_sources"
        " where report_id in (select unnest($ids))",
        {"ids": sorted(broken)},
    ) | {report_id}
    for table in CELLS:
        _fill(build, connection, table, sources)
    _fill(build, connection, FINDINGS, {report_id})
    _fill(build, connection, MENDED, broken)
    _fill(build, connection, SUSPECTS, _ids_of(connection, MENDED, "hypothesis_id"))
    suspects = _ids_of(connection, SUSPECTS, "report_id")
    _fill(build, connection, REPORTS, readers | sources | suspects | editions)
    connection.execute(
        "create or replace temp table report_pages as select cast($id as varchar) as report_id",
        {"id": report_id},
    )


def _ids(connection: Connection, asked: str, parameters: dict[str, object]) -> set[str]:
    return {row["id"] for row in query(connection, asked, parameters)}


def _ids_of(connection: Connection, table: str, column: str) -> set[str]:
    return _ids(connection, f"select distinct {column} as id from {table}", {})


def _fill(build: Build, connection: Connection, table: str, keys: set[str]) -> None:
    """Empty a table of few reports, and fill it with the rows of the keys that it is asked by."""
    if table not in build.tables:
        return
    connection.execute(f"truncate {table}")
    if keys:
        # as a list DuckDB passes over the blocks that hold none of them
        asked = ", ".join("?" * len(keys))
        connection.execute(
            f"insert into {table} from prepared.{table} where {IN_ORDER[table]} in ({asked})",
            sorted(keys),
        )


class Builds:
    """The build that is served: always the published one, once it is prepared."""

    def __init__(
        self, warehouse: Warehouse, warm: Callable[[Build], None], otherwise: Path
    ) -> None:
        """Open the published build.

        Args:
            warehouse: the folder of the published file.
            warm: what is done with a build before the first answer is made of it.
            otherwise: a folder for what is made of builds where the warehouse cannot be written.

        Raises:
            WrongCall: there is no published file, or neither folder can be written.
            ToolFailed: it cannot be prepared.
        """
        self._warehouse = warehouse
        self._warm = warm
        self._lock = threading.Lock()
        self._is_going_over = False
        check_is_there(warehouse.published)
        own = warehouse.root / ".serve"
        self._folder = own if _can_be_written(own) else otherwise
        self._tried = identity_of(warehouse.published)
        self._current = self._opened(self._tried, self._taken_over())

    @contextmanager
    def current(self) -> Iterator[Build]:
        """Give the build that one answer is made of, for the block."""
        self._follow()
        with self._lock:
            build = self._current
            build.answers += 1
        with self._held(build):
            yield build

    @contextmanager
    def longer(self, build: Build) -> Iterator[None]:
        """Keep a build for the block, which may outlast the one that the build was given to."""
        with self._lock:
            build.answers += 1
        with self._held(build):
            yield

    @contextmanager
    def _held(self, build: Build) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                build.answers -= 1
                is_over = build is not self._current and not build.answers
            if is_over:
                build.end()

    def close(self) -> None:
        """Close the build that is served; what was made of it is kept for the next server."""
        self._current.close()

    def _follow(self) -> None:
        """Begin to go over to what is published now, if it is another file."""
        with self._lock:
            if self._is_going_over or self._published() == self._tried:
                return
            self._is_going_over = True
        threading.Thread(target=self._go_over, daemon=True).start()

    def _published(self) -> Identity:
        """Tell what is published; while there is nothing, it is what was there last."""
        try:
            return identity_of(self._warehouse.published)
        except OSError:
            return self._tried

    def _go_over(self) -> None:
        """Open what is published until that is what is served, or cannot be."""
        try:
            while (identity := self._published()) != self._tried:
                self._tried = identity
                if identity != self._current.identity:
                    self._try(identity)
        finally:
            self._is_going_over = False

    def _try(self, identity: Identity) -> None:
        try:
            new = self._opened(identity)
        except (GoujiError, duckdb.Error, OSError) as error:
            log.error("The new build is not served, the old one stays: %s", error)
            return
        with self._lock:
            # another may have been published since, or this one withdrawn
            is_wanted = self._published() == identity
            if is_wanted:
                new, self._current = self._current, new
            is_over = not new.answers
        if is_over:
            new.end()
        if is_wanted:
            log.warning("A new build is served.")

    def _opened(self, identity: Identity, place: Place | None = None) -> Build:
        place = place or self._new_place(identity)
        try:
            file = place.folder / self._warehouse.published.name
            self._keep(file)
            prepared = place.folder / "prepared.duckdb"
            prepare(file, prepared)
            build = Build(identity, place, file, _attached(file, prepared))
            self._warm(build)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            place.clear()
            problem = " ".join(str(error).split())
            raise WrongCall(
                f"{self._warehouse.published} lacks what is served, gouji build makes it anew:"
                f" {problem}"
            ) from error
        except BaseException:
            place.clear()
            raise
        return build

    def _keep(self, file: Path) -> None:
        """Give the published file a name of its own, which it keeps when another is published."""
        file.unlink(missing_ok=True)
        # the published name is a link to the build's own file
        published = self._warehouse.published.resolve()
        try:
            os.link(published, file)
        except OSError:
            # on another disk, one that has no links, or another account's file
            try:
                shutil.copyfile(published, file)
            except OSError as error:
                raise self._not_written(error) from error

    def _not_written(self, error: OSError) -> WrongCall:
        return WrongCall(
            f"{self._folder} cannot be written, where the server keeps what it makes of the"
            f" published file: {error.strerror}."
        )

    def _new_place(self, identity: Identity) -> Place:
        try:
            made = tempfile.mkdtemp(prefix=_name_of(identity), dir=self._folder)
            place = Place.taken(Path(made))
        except OSError as error:
            raise self._not_written(error) from error
        if place is None:
            raise ToolFailed(f"{made} cannot be locked.")
        return place

    def _taken_over(self) -> Place | None:
        """Take what a server that is no more made of the same file, and clear the rest away."""
        found = None
        with suppress(OSError):
            for folder in self._folder.iterdir():
                place = Place.taken(folder)
                if place and not found and folder.name.startswith(_name_of(self._tried)):
                    found = place
                elif place:
                    place.clear()
        return found


def _can_be_written(folder: Path) -> bool:
    """Make a folder, unless it is there, and tell whether files can be put into it."""
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _name_of(identity: Identity) -> str:
    return "".join(f"{part}-" for part in identity)


def identity_of(file: Path) -> Identity:
    """Tell a file from others that stood or will stand under its name."""
    found = file.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _attached(file: Path, prepared: Path) -> Connection:
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY})
    connection.execute(
        "set autoinstall_known_extensions = false; set autoload_known_extensions = false"
    )
    # a page of the whole country may need more for a moment
    connection.execute(f"set temp_directory = '{quoted(prepared.with_name('spilled'))}'")
    attach(connection, file, "gouji", "read_only")
    attach(connection, prepared, "prepared", "read_only")
    # other files are out of reach from here on; catalogs in memory are none
    return connection.execute("set enable_external_access = false")
