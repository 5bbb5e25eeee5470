"""Putting what is new in the place of what is published, so that readers never miss it."""

import ctypes
import os
import shutil
from pathlib import Path

import duckdb

from gouji.errors import ToolFailed
from gouji.memory import limit
from gouji.paths import Warehouse

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def seal(database: Path) -> None:
    """Bring everything that was written into the one file, and onto the disk.

    Raises:
        ToolFailed: DuckDB left a write-ahead log beside the file.
    """
    with duckdb.connect(str(database)) as connection:
        limit(connection).execute("checkpoint")
    if _log_of(database).exists():
        raise ToolFailed(f"DuckDB left {_log_of(database)} behind, so {database} is not whole.")
    _flush(database)


def publish(database: Path, warehouse: Warehouse) -> None:
    """Rename a sealed database over the published one, and keep that one as the previous.

    The published name is there at every moment, and readers that have the old file open go on
    reading it.
    """
    if warehouse.published.exists():
        _keep_previous(warehouse)
    database.replace(warehouse.published)
    _flush(warehouse.root)


def publish_folder(new: Path, place: Path) -> None:
    """Put a folder in the place of another; what was there is thrown away."""
    if not place.exists():
        new.replace(place)
    elif _exchange(new, place):
        shutil.rmtree(new)
    else:
        old = place.with_name(f".{place.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        place.replace(old)
        new.replace(place)
        shutil.rmtree(old)
    _flush(place.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can (Linux, most disks)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)


def _keep_previous(warehouse: Warehouse) -> None:
    link = warehouse.previous.with_suffix(".link")
    link.unlink(missing_ok=True)
    link.hardlink_to(warehouse.published)
    _log_of(warehouse.previous).unlink(missing_ok=True)
    link.replace(warehouse.previous)
    # Somebody wrote to the published file: what they wrote goes where the file goes.
    if _log_of(warehouse.published).exists():
        _log_of(warehouse.published).replace(_log_of(warehouse.previous))


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
