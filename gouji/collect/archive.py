"""The archive of a collection: every answer as it came, in WARC (ISO 28500).

A content that was stored before is not stored again: its record, a `revisit`, has the headers and
names the address and time under which the content stands.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST_FILE = 1 << 30  # bytes after which the next file is begun
# What a header says of the transfer and not of the content, which is kept as it was before it.
_OF_TRANSFER = frozenset(["transfer-encoding", "content-length", "connection", "content-encoding"])


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a server: headers as they came, the content without its transfer encoding."""

    address: str
    fetched_at: str  # UTC, as 2026-01-31T08:00:00Z
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> str:
        """The first header of a name, in any case; nothing where there is none."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file's name, and its bytes there."""

    file: str
    offset: int
    length: int


class Archive:
    """The files of an archive that one run writes."""

    def __init__(self, folder: Path, run: int, software: str) -> None:
        self._folder, self._run, self._software = folder, run, software
        self._file: Path | None = None

    def add(self, answer: Answer, stored: tuple[str, str] | None = None) -> Place:
        """Append an answer; `stored` is the address and time of an equal content before it."""
        writer = WARCWriter(io.BytesIO(), gzip=True)
        headers = StatusAndHeaders(
            f"{answer.status} {answer.reason}".strip(), _kept(answer), protocol="HTTP/1.1"
        )
        if stored is None:
            record = writer.create_warc_record(
                answer.address,
                "response",
                payload=io.BytesIO(answer.content),
                length=len(answer.content),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": answer.fetched_at},
            )
        else:
            address, fetched_at = stored
            record = writer.create_revisit_record(
                answer.address,
                digest=_digest(answer.content),
                refers_to_uri=address,
                refers_to_date=fetched_at,
                http_headers=headers,
                warc_headers_dict={"WARC-Date": answer.fetched_at},
            )
        writer.write_record(record)
        return self._append(writer.out.getvalue())

    def _append(self, record: bytes) -> Place:
        path = self._file
        if path is None or path.stat().st_size > LARGEST_FILE:
            path = self._file = self._begin()
        with path.open("ab") as file:
            offset = file.tell()
            file.write(record)
        return Place(path.name, offset, len(record))

    def _begin(self) -> Path:
        """A new file with what says who wrote it."""
        number = 1 + sum(1 for _ in self._folder.glob("*.warc.gz"))
        path = self._folder / f"run-{self._run:04}-{number:05}.warc.gz"
        writer = WARCWriter(io.BytesIO(), gzip=True)
        about = {"software": self._software, "format": "WARC File Format 1.0"}
        writer.write_record(writer.create_warcinfo_record(path.name, about))
        path.write_bytes(writer.out.getvalue())
        return path


def _kept(answer: Answer) -> list[tuple[str, str]]:
    """The headers, with those of the transfer under names that replay programs pass over."""
    kept: Iterable[tuple[str, str]] = (
        (f"X-Archive-Orig-{key}" if key.lower() in _OF_TRANSFER else key, text)
        for key, text in answer.headers
    )
    return [*kept, ("Content-Length", str(len(answer.content)))]


def _digest(content: bytes) -> str:
    """The digest of a content as WARC writes it."""
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode()}"
