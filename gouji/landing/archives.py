"""ZIP files of documents: each member is a document whose path goes on behind the archive's.

Nothing is unpacked to the disk.  A member is read into memory when its turn comes, up to the size
that any document may have.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gouji.landing.grid import LOCKED, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".zip"
MAX_MEMBERS = 5_000
_UTF_8 = 0x800  # the flag of a member whose name is in UTF-8
_LOCKED = 0x1
_PARTS_OF_DOCUMENTS = frozenset(
    ["[Content_Types].xml", "content.xml", "OFD.xml", "META-INF/container.xml"]
)


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of documents, and no document that is packed as one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not _PARTS_OF_DOCUMENTS & set(archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def members(path: Path) -> Iterator[Path]:
    """The paths of an archive's files, in the order of their names; hidden ones are none.

    Raises `Refused` for one that holds too many, or names that lead out of it.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS:
            raise Refused(f"it packs {len(entries):,} files, more than {MAX_MEMBERS:,}")
        names = [_name(entry) for entry in entries if not entry.is_dir()]
    if len(set(names)) < len(names):
        raise Refused("it holds two files of one name")
    for name in sorted(names):
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            raise Refused(f"it holds a path that leads outside: {name[:60]}")
        if not any(part.startswith((".", "__MACOSX")) for part in place.parts):
            yield path / name


def read_member(path: Path, most: int) -> bytes:
    """The bytes of a file in an archive; `Refused` if it is locked, damaged or too large."""
    archive_path, name = _parted(path)
    try:
        status = archive_path.stat()
        state = (status.st_ino, status.st_size, status.st_mtime_ns)
        archive, entries = _opened(archive_path, state, os.getpid())
        entry = entries.get(name)
        if entry is None:
            raise Refused("it does not exist")
        if entry.flag_bits & _LOCKED:
            raise Refused(LOCKED)
        with archive.open(entry) as packed:  # what it says of its size is not believed
            data = packed.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Refused(f"the archive is damaged here ({error})") from error
    if len(data) > most:
        raise Refused(f"it unpacks to more than {most / 1e6:,.0f} MB")
    return data


@lru_cache(maxsize=1)
def _opened(
    path: Path, _state: tuple[int, int, int], _process: int
) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """An archive and its members by name, as long as the file is the same.

    It stays open until another's turn comes: to read the directory of thousands takes longer than
    to read one of them.  Each process has its own, for the place in an open file is shared.
    """
    archive = zipfile.ZipFile(path)
    return archive, {_name(entry): entry for entry in reversed(archive.infolist())}


def name_of(path: Path) -> str:
    """The name of a document; of one in an archive with the archive's."""
    if path.exists():
        return path.name
    with suppress(Refused):
        archive, name = _parted(path)
        return f"{archive.name}/{name}"
    return path.name


def _parted(path: Path) -> tuple[Path, str]:
    """The archive in a path, and the name of the member behind it."""
    for folder in path.parents:
        if folder.is_file():
            return folder, path.relative_to(folder).as_posix()
    raise Refused("it does not exist")


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a member; Chinese Windows packs it in GB 18030 and does not say so."""
    name = entry.filename
    if not entry.flag_bits & _UTF_8:
        data = name.encode("cp437", errors="ignore")
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                name = data.decode(encoding)
                break
    return name.replace("\\", "/")
