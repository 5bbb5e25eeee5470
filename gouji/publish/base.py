"""The published database as what a build goes on from."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.paths import Warehouse
from gouji.publish.builds import current
from gouji.publish.inputs import Inputs
from gouji.publish.made_from import MadeFrom, is_as_published, made_from

# Three headers, before the first block (duckdb.org/docs/stable/internals/storage).
HEADERS = 3 * 4096


@dataclass(frozen=True)
class Base:
    """The published build as the next one finds it.

    `database` is the published one, or `copy` where another program has it open for writing.
    """

    build: Warehouse
    database: Path
    copy: Path
    made: MadeFrom | None
    is_sound: bool
    note: str = ""

    def readable_now(self) -> Path:
        """The database, or a copy where another program has opened it for writing meanwhile."""
        is_untouched = self.made is not None and is_as_published(self.build, self.made)
        return readable(self.database, self.copy, is_untouched=is_untouched)

    def is_made_from(self, inputs: Inputs) -> bool:
        """Whether a build from these inputs would be the same again."""
        return self.made is not None and self.is_sound and not inputs.changes(self.made.inputs)


def find_base(warehouse: Warehouse) -> Base:
    """Look at what is published, with a note for people where something is odd about it.

    It is sound if its tables are as they were published, as far as it says how that was.

    Raises:
        WrongCall: it is no database that DuckDB opens, or its end is missing.
    """
    build, copy = current(warehouse), warehouse.building / "published.duckdb"
    made = made_from(build)
    is_untouched = made is not None and is_as_published(build, made)
    database = readable(build.published, copy, is_untouched=is_untouched)
    is_sound = made is None or is_untouched
    note = ""
    if database == copy:
        note = (
            f"{warehouse.published} is open for writing in another program: the build goes on from"
            " a copy and is published in its place. What is written there goes to"
            f" {warehouse.previous.name}."
        )
    elif not is_sound:
        note = (
            f"Another program wrote to {warehouse.published} since it was published: all is built"
            " anew."
        )
    return Base(build, database, copy, made, is_sound, note)


def readable(published: Path, copy: Path, *, is_untouched: bool = False) -> Path:
    """The published database, or a copy of it where another program has it open for writing.

    DuckDB lets nobody else open such a file.  What the other program has written to it is its own:
    the copy is of what was published.

    Args:
        published: the database that is published now, if there is one.
        copy: where the copy goes; one that is there already is taken.
        is_untouched: whether its length and time are those of when it was published, so that its
            end is there.

    Raises:
        WrongCall: the file is no database that DuckDB opens, or its end is missing.
    """
    if copy.exists() or not published.is_file():
        return copy if copy.exists() else published
    try:
        _open(published, is_whole=is_untouched)
    except duckdb.Error as error:
        if "could not set lock" not in str(error).lower():
            raise WrongCall(_damaged(published, str(error))) from error
    else:
        return published
    _copy(published, copy)
    try:
        _open(copy)
    except duckdb.Error as error:
        raise WrongCall(
            f"{published} is being written to by another program: close it there. {error}"
        ) from error
    return copy


def _open(database: Path, *, is_whole: bool = False) -> None:
    """Open a database, and see that its last block is there; blocks are read only later.

    It may be shorter than it says: DuckDB cuts free blocks off its end after it has counted them.

    Raises:
        WrongCall: its end is missing.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        block, blocks = connection.sql(
            "select block_size, total_blocks from pragma_database_size()"
        ).fetchall()[0]
        found = database.stat().st_size
        if found < HEADERS + block * blocks and not is_whole:
            due = HEADERS + block * (_last_block(connection) + 1)
            if found < due:
                raise WrongCall(_damaged(database, f"It has {found:,} of {due:,} bytes."))


def _last_block(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the last block that holds anything, of tables or of the list of them.

    Indexes, and tables with a quotation mark in their names, DuckDB does not tell the blocks of:
    a file that is cut behind all others passes, one that is whole always does.
    """
    tables = connection.sql(
        'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
        " where not internal and not temporary and not contains(schema_name || table_name, '\"')"
    ).fetchall()
    of_table = (
        "select max(greatest(block_id, list_max(additional_block_ids)))"
        " from pragma_storage_info(?) where persistent"
    )
    last = [connection.sql("select max(block_id) from pragma_metadata_info()").fetchall()]
    last += [connection.execute(of_table, table).fetchall() for table in tables]
    return max((block for ((block,),) in last if block is not None), default=-1)


def _damaged(database: Path, how: str) -> str:
    return (
        f"{database.resolve()} does not open as a DuckDB file, so the build cannot go on from it:"
        " gouji restore puts the build before it back, with the history of builds; moved away, that"
        f" history begins anew. {' '.join(how.split())}"
    )


def lay_base(published: Path, database: Path) -> bool:
    """Copy the published database to where the new one is built, if it can be gone on from.

    Whether it was made by the same code is dbt's to say: if not, dbt drops what is there.

    Args:
        published: the database that is published now, if there is one.
        database: the file of the new one, which is not there yet.

    Returns:
        Whether the base is laid. Without it the build is a full one.
    """
    if not _says_what_it_saw(published):
        return False
    _copy(published, database)
    return True


def _says_what_it_saw(published: Path) -> bool:
    if not published.is_file():
        return False
    try:
        with duckdb.connect(str(published), read_only=True) as connection:
            connection.sql("select code from batch.build_state limit 1").fetchall()
    except duckdb.Error:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy a file; file systems that can share its blocks do not copy them."""
    with source.open("rb") as reading, target.open("wb") as writing:
        try:
            while os.copy_file_range(reading.fileno(), writing.fileno(), 1 << 30):
                pass
        except OSError:
            reading.seek(0)
            writing.seek(0)
            shutil.copyfileobj(reading, writing, 1 << 24)
