"""Finding documents: which files a call names, and which are left aside and why."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.collect.index import DOCUMENTS, is_collection
from gouji.landing import archives
from gouji.landing.grid import Refused
from gouji.landing.read import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

OTHER_KIND = "files of this kind are not read"
# Kinds of document that are not read, and names that only a report would have.
_OFFICE = [".docm", ".xlsm", ".xlsb", ".pptx", ".ppt", ".dps", ".pages", ".numbers", ".epub"]
_ARCHIVES = [".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"]
_DOCUMENTS = frozenset([*_OFFICE, *_ARCHIVES, ".caj", ".ceb", ".cebx", ".eml"])
_NAME_OF_REPORT = re.compile("信息公开|政务公开|年度报告|工作报告|年报")
_OLD_EVIDENCE = ".evidence.json"  # once written beside documents


@dataclass(frozen=True, slots=True)
class LeftAside:
    """A file or folder that is not read, and why; it may be a report all the same."""

    path: Path
    reason: str
    may_be_report: bool = False


@dataclass(slots=True)
class Found:
    """The documents that a call names, sorted, and what is left aside."""

    documents: list[Path] = field(default_factory=list)
    left_aside: list[LeftAside] = field(default_factory=list)


def find_documents(patterns: Sequence[str]) -> Found:
    """The documents that files, folders and globs name.

    A file that is named itself is a document whatever it is called.  Raises `Refused` for a name
    that stands for nothing.
    """
    found = Found()
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            _walk(path, found)
        elif os.path.lexists(path):
            if _is_archive(path):
                _unpack(path, found)
            elif not path.name.endswith(_OLD_EVIDENCE):
                found.documents.append(path)
        else:
            matches = _glob(pattern)
            if not matches:
                raise Refused(f"{readable(pattern)}: there is no such file or folder")
            for match in matches:
                if match.is_dir():
                    _walk(match, found)
                else:
                    _sort_in(match, found)
    found.documents = sorted(set(found.documents))
    return found


def readable(name: str | Path) -> str:
    """A file's name as text: its bytes are read as UTF-8, as GB 18030, or shown as numbers.

    ZIP files packed under Chinese Windows leave names that are no UTF-8.
    """
    data = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("utf-8", "backslashreplace")


def _glob(pattern: str) -> list[Path]:
    if not any(char in pattern for char in "*?["):
        return []
    path = Path(pattern)
    anchor = Path(path.anchor) if path.is_absolute() else Path()
    relative = str(path.relative_to(path.anchor)) if path.is_absolute() else pattern
    return sorted(anchor.glob(relative))


def _walk(folder: Path, found: Found) -> None:
    def closed(error: OSError) -> None:
        reason = f"the folder cannot be read ({error.strerror})"
        found.left_aside.append(LeftAside(Path(error.filename), reason, may_be_report=True))

    folder = folder / DOCUMENTS if is_collection(folder) else folder
    root = folder.resolve()
    for here, folders, files in os.walk(folder, onerror=closed):
        folders[:] = sorted(
            f for f in folders if not f.startswith(".") and not f.endswith("_files")
        )
        links = [path for path in (Path(here) / f for f in folders) if path.is_symlink()]
        reason = "it is a link to a folder: name it to land what it holds"
        found.left_aside += [LeftAside(path, reason) for path in links]
        for name in sorted(files):
            path = Path(here) / name
            if name.startswith("."):
                # what macOS keeps beside a file has that file's name
                if _NAME_OF_REPORT.search(readable(name)) and not name.startswith("._"):
                    found.left_aside.append(LeftAside(path, "it is hidden", may_be_report=True))
                continue
            if _leads_out(path, root):
                reason = "it is a link that leads out of the folder"
                found.left_aside.append(LeftAside(path, reason))
            else:
                _sort_in(path, found)


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == archives.SUFFIX and archives.is_archive(path)


def _unpack(path: Path, found: Found) -> None:
    """Sort in the files of an archive; archives within it are left aside."""
    try:
        for member in archives.members(path):
            if member.suffix.lower() == archives.SUFFIX:
                reason = "an archive in an archive is not read: unpack it"
                found.left_aside.append(LeftAside(member, reason, may_be_report=True))
            elif not any(part.endswith("_files") for part in member.parent.parts):
                _sort_in(member, found)
    except Refused as refusal:
        found.left_aside.append(LeftAside(path, str(refusal), may_be_report=True))


def _leads_out(path: Path, root: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a link to itself: reading it says so
        return False


def _sort_in(path: Path, found: Found) -> None:
    if path.name.endswith(_OLD_EVIDENCE):
        return
    if _is_archive(path):
        _unpack(path, found)
        return
    if path.suffix.lower() in SUFFIXES or path.suffix.lower() == archives.SUFFIX:
        found.documents.append(path)  # a damaged archive is refused as one
        return
    name = readable(path.name)
    may_be = path.suffix.lower() in _DOCUMENTS or bool(_NAME_OF_REPORT.search(name))
    found.left_aside.append(LeftAside(path, OTHER_KIND, may_be_report=may_be))
