"""The index of a collection: a row for each answer that an address gave, only ever added to.

A folder of a collection holds `collection.json` (which run it is in), `index.csv`, the documents
and the pages of lists, each named by the SHA-256 of its content, and the archive.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATE, INDEX, DOCUMENTS, PAGES, ARCHIVE = (
    "collection.json",
    "index.csv",
    "documents",
    "pages",
    "archive",
)


class Outcome(StrEnum):
    """What became of an address."""

    DOCUMENT = "document"  # its content is in `documents`
    PAGE = "page"  # a page without a report, in `pages`
    REDIRECT = "redirect"
    GONE = "gone"
    REFUSED = "refused"  # by a rule of ours or of the site: it was not asked for
    FAILED = "failed"  # asked for without success


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of an address; every field as text, empty where there is nothing to say."""

    run: str
    fetched_at: str  # UTC, to the second
    address: str
    outcome: str
    status: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    file: str = ""  # within the folder
    title: str = ""  # the words of the link that led here, else the page's own title
    listed_on: str = ""  # the date printed beside that link
    found_on: str = ""  # the page that it stands on
    leads_to: str = ""
    archive: str = ""  # the file of the archive, and where in it the record stands
    offset: str = ""
    length: str = ""
    reason: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the address need not be asked again in the same run."""
        return self.outcome != Outcome.FAILED

    def as_line(self) -> bytes:
        """The row as a line of the index; no field holds a line break."""
        text = io.StringIO()
        values = (" ".join(str(value).split()) for value in astuple(self))
        csv.writer(text, lineterminator="\n").writerow(values)
        return text.getvalue().encode()


COLUMNS = tuple(field.name for field in fields(Row))
HEADER = (",".join(COLUMNS) + "\n").encode()


def read_index(folder: Path) -> Iterator[Row]:
    """The rows of a collection's index in the order in which they were written.

    Raises `ValueError` for an index whose columns are others.
    """
    path = folder / INDEX
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, None)
        if header is not None and tuple(header) != COLUMNS:
            raise ValueError(f"{path}: its columns are not those of a collection's index")
        for row in rows:
            if len(row) == len(COLUMNS):  # not the last one of a run that was killed
                yield Row(*row)


def is_collection(folder: Path) -> bool:
    """Whether a folder is one that `gouji collect` writes."""
    return (folder / STATE).is_file() and (folder / INDEX).is_file()
