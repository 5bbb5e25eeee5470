"""A collection on disk: what is known of each address, and its content stored once.

Killed at any moment it can be gone on with: a content is moved into its place whole, and the index
and the archive, which are only added to, are cut back to their last whole row and record.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from gouji.collect.archive import Answer, Archive
from gouji.collect.index import (
    ARCHIVE,
    DOCUMENTS,
    HEADER,
    INDEX,
    PAGES,
    STATE,
    Outcome,
    Row,
    read_index,
)
from gouji.errors import WrongCall
from gouji.publish.lock import exclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = ".lock"
_LONGEST_ROW = 1 << 20  # bytes
_WAITING = "waiting"  # the end of a file that is not yet in its place


@contextmanager
def opened(folder: Path, software: str) -> Iterator[Collection]:
    """Open or begin the collection in a folder, alone, for as long as the block runs.

    Raises:
        WrongCall: the folder holds other things, its index is damaged, or another job is at it.
    """
    ours = {STATE, INDEX, DOCUMENTS, PAGES, ARCHIVE, _LOCK, f"{STATE}.{_WAITING}"}
    if folder.is_dir() and (others := {path.name for path in folder.iterdir()} - ours):
        raise WrongCall(f"{folder}: it is no collection, it holds {min(others)}; name another.")
    for part in (DOCUMENTS, PAGES, ARCHIVE):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with exclusive(folder / _LOCK, "collection"):
        yield Collection(folder, software)


class Collection:
    """A folder of collected documents, in a run that goes on from one that was interrupted."""

    def __init__(self, folder: Path, software: str) -> None:
        self.folder = folder
        for left in folder.glob(f"*/*.{_WAITING}"):
            left.unlink()
        _mend_index(folder / INDEX)
        self._latest: dict[str, Row] = {}  # of an address, the last answer with a content
        self._stored: dict[str, tuple[str, str]] = {}  # SHA-256 -> address and time
        self._done: dict[str, Row] = {}  # of an address, its final answer in this run
        self.run, self.goes_on = _begin_run(folder)
        records: dict[str, int] = {}
        try:
            for row in read_index(folder):
                self._remember(row)
                if row.archive:
                    records[row.archive] = int(row.offset) + int(row.length)
        except ValueError as error:
            raise WrongCall(f"{error}.") from error
        _mend_archive(folder / ARCHIVE, records)
        self._archive = Archive(folder / ARCHIVE, self.run, software)

    def done(self, address: str) -> Row | None:
        """The answer of an address in this run, if it need not be asked again."""
        row = self._done.get(address)
        return row if row and (not row.file or (self.folder / row.file).is_file()) else None

    def before(self, address: str) -> Row | None:
        """The last answer of an address whose content is still there."""
        row = self._latest.get(address)
        return row if row and (self.folder / row.file).is_file() else None

    def content(self, row: Row) -> bytes:
        """The stored content of an answer."""
        return (self.folder / row.file).read_bytes()

    def keep(self, answer: Answer, row: Row, kind: str, *, is_document: bool) -> Row:
        """Store the content of an answer once, by its kind; then the answer and its row."""
        sha256 = hashlib.sha256(answer.content).hexdigest()
        name = f"{DOCUMENTS if is_document else PAGES}/{sha256}{kind}"
        if not (self.folder / name).is_file():
            _put(self.folder / name, answer.content)
        outcome = Outcome.DOCUMENT if is_document else Outcome.PAGE
        return self._write(answer, replace(row, outcome=outcome, sha256=sha256, file=name))

    def keep_unchanged(self, answer: Answer, row: Row, before: Row) -> Row:
        """Write that an address still has the content that it had before."""
        same = replace(row, outcome=before.outcome, sha256=before.sha256, file=before.file)
        return self._write(replace(answer, content=self.content(before)), same)

    def note(self, row: Row) -> Row:
        """Write the row of an answer without content; once in a run where it says the same."""
        known = self._done.get(row.address)
        if known is None or (known.outcome, known.reason) != (row.outcome, row.reason):
            self._add(row)
        return row

    def rows(self) -> list[Row]:
        """The final answers of this run."""
        return list(self._done.values())

    def finish(self) -> None:
        """End the run: the next one asks every address anew."""
        _write_state(self.folder, self.run, is_finished=True)

    def _write(self, answer: Answer, row: Row) -> Row:
        place = self._archive.add(answer, self._stored.get(row.sha256))
        at = {"archive": place.file, "offset": str(place.offset), "length": str(place.length)}
        return self._add(replace(row, **at))

    def _add(self, row: Row) -> Row:
        with (self.folder / INDEX).open("ab", buffering=0) as file:
            file.write(row.as_line())
        self._remember(row)
        return row

    def _remember(self, row: Row) -> None:
        if row.file:
            self._latest[row.address] = row
            self._stored.setdefault(row.sha256, (row.address, row.fetched_at))
        if row.run == str(self.run):
            if row.is_final:
                self._done[row.address] = row
            else:
                self._done.pop(row.address, None)


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    waiting = path.with_name(f"{path.name}.{_WAITING}")
    with waiting.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)


def _begin_run(folder: Path) -> tuple[int, bool]:
    """The number of the run, and whether it goes on from one that was interrupted."""
    path = folder / STATE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        run, goes_on = int(state["run"]), not state["is_finished"]
    except FileNotFoundError:
        run, goes_on = 0, False
    except (ValueError, KeyError, TypeError) as error:
        raise WrongCall(f"{path}: it is damaged; the collection cannot be gone on with.") from error
    if not goes_on:
        run += 1
        _write_state(folder, run, is_finished=False)
    return run, goes_on


def _write_state(folder: Path, run: int, *, is_finished: bool) -> None:
    _put(folder / STATE, json.dumps({"run": run, "is_finished": is_finished}).encode() + b"\n")


def _mend_index(path: Path) -> None:
    """Begin the index, or cut off a last row that is not whole."""
    size = path.stat().st_size if path.exists() else 0
    if size < len(HEADER) and path.with_name(STATE).exists():
        raise WrongCall(f"{path}: it is missing or empty; put it back, or begin a new collection.")
    with path.open("ab+") as file:
        file.seek(max(0, size - _LONGEST_ROW))
        tail = file.read()
        file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)
        if b"\n" not in tail:
            file.write(HEADER)


def _mend_archive(folder: Path, records: dict[str, int]) -> None:
    """Cut off of the last file what no row of the index names: a record that was not finished."""
    for path in sorted(folder.glob("*.warc.gz"))[-1:]:
        if path.name not in records:
            path.unlink()  # it was just begun
        elif path.stat().st_size > records[path.name]:
            os.truncate(path, records[path.name])
