"""The published database as what a build goes on from."""

import os
import shutil
from pathlib import Path

import duckdb

from gouji.errors import WrongCall


def readable(published: Path, copy: Path) -> Path:
    """The published database, or a copy of it where another program has it open for writing.

    DuckDB lets nobody else open such a file.  What the other program has written to it is its own:
    the copy is of what was published.

    Args:
        published: the database that is published now, if there is one.
        copy: where the copy goes; one that is there already is taken.

    Raises:
        WrongCall: the file is no database that DuckDB opens.
    """
    if copy.exists() or not published.is_file():
        return copy if copy.exists() else published
    try:
        duckdb.connect(str(published), read_only=True).close()
    except duckdb.Error as error:
        if "could not set lock" not in str(error).lower():
            raise WrongCall(
                f"{published} does not open as a DuckDB file, so the history of builds cannot be"
                f" carried on: move it away. {error}"
            ) from error
    else:
        return published
    _copy(published, copy)
    try:
        duckdb.connect(str(copy), read_only=True).close()
    except duckdb.Error as error:
        raise WrongCall(
            f"{published} is being written to by another program: close it there. {error}"
        ) from error
    return copy


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
