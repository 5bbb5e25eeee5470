"""Files that are whole and on the disk before anybody reads them; folders that change places."""

import ctypes
import os
import shutil
from pathlib import Path

import duckdb

from gouji.errors import ToolFailed
from gouji.memory import limit

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def seal(database: Path) -> None:
    """Bring everything that was written into the one file, and onto the disk.

    Raises:
        ToolFailed: DuckDB left a write-ahead log beside the file.
    """
    with duckdb.connect(str(database)) as connection:
        limit(connection).execute("checkpoint")
    if log_of(database).exists():
        raise ToolFailed(f"DuckDB left {log_of(database)} behind, so {database} is not whole.")
    flush(database)


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
    flush(place.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can (Linux, most disks)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)


def log_of(database: Path) -> Path:
    """Where DuckDB writes ahead what is not in the database yet."""
    return database.with_name(f"{database.name}.wal")


def flush(path: Path) -> None:
    """Bring a file, or a folder's list of files, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_all(folder: Path) -> None:
    """Bring a folder onto the disk, with all that is in it."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            flush(path)
    for path in (*folder.rglob("*"), folder):
        if path.is_dir() and not path.is_symlink():
            flush(path)
