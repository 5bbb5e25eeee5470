"""What a collection knows of its documents: where each was published, under which words, when.

Written by `gouji collect`; read here so that landing takes the address that a document came from
for its own, and its date from the list that named it, where the document says none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gouji.collect.index import DOCUMENTS, Outcome, is_collection, read_index
from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Collected:
    """Where and how a document was found first."""

    address: str
    title: str  # the words of the link; nothing for one of several files of an archive
    listed_on: str


def collected(paths: Iterable[Path]) -> dict[str, Collected]:
    """What is known of those documents that lie in collections, by their paths.

    Raises `Refused` for a collection whose index cannot be read.
    """
    folders: dict[Path, dict[str, list[Path]]] = {}
    for path in paths:
        stored = next((one for one in (path, *path.parents) if one.parent.name == DOCUMENTS), None)
        if stored is not None:
            files = folders.setdefault(stored.parent.parent, {})
            files.setdefault(f"{DOCUMENTS}/{stored.name}", []).append(path)
    found: dict[str, Collected] = {}
    for folder, files in folders.items():
        if not is_collection(folder):
            continue
        try:
            for row in read_index(folder):
                if row.outcome == Outcome.DOCUMENT:
                    for path in files.pop(row.file, ()):
                        title = row.title if path.name in row.file else ""
                        found[str(path)] = Collected(row.address, title, row.listed_on)
        except (OSError, ValueError) as error:
            raise Refused(f"the collection in {folder} cannot be read: {error}") from error
    return found
