"""The published database as the base of an increment."""

import os
import shutil
from pathlib import Path

import duckdb


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
