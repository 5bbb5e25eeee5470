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

    from gouji.landing.grid import Document


@dataclass(frozen=True, slots=True)
class Collected:
    """Where and how a document was found first."""

    address: str
    title: str
    listed_on: str

    def add_to(self, document: Document) -> None:
        """Put it among what a document says of itself."""
        document.metadata |= {"url": self.address, "listed on": self.listed_on}


def collected(paths: Iterable[Path]) -> dict[str, Collected]:
    """What is known of those documents that lie in collections, by their paths.

    Raises `Refused` for a collection whose index cannot be read.
    """
    folders: dict[Path, dict[str, Path]] = {}
    for path in paths:
        if path.parent.name == DOCUMENTS:
            folders.setdefault(path.parent.parent, {})[f"{DOCUMENTS}/{path.name}"] = path
    found: dict[str, Collected] = {}
    for folder, files in folders.items():
        if not is_collection(folder):
            continue
        try:
            for row in read_index(folder):
                if row.outcome == Outcome.DOCUMENT and row.file in files:
                    source = Collected(row.address, row.title, row.listed_on)
                    found.setdefault(str(files[row.file]), source)
        except (OSError, ValueError) as error:
            raise Refused(f"the collection in {folder} cannot be read: {error}") from error
    return found
