"""Files that change in one act: all of them or none, whenever the process is killed.

New content waits in the folder `.landing` of the raw tables.  When all of it is on the disk, a
journal is renamed into its place there: from then on the act has happened.  The journal says where
each file goes; they are moved one by one, and whoever next lands into the folder or builds from it
moves what a killed process left waiting.  Without a journal what waits was never finished, and the
next landing clears it away.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAITING = ".landing"  # the folder in which files wait; no reader of seeds looks into it
JOURNAL = "journal.json"


class Act:
    """Files that are written together, in the order in which they were put here."""

    def __init__(self, folder: Path) -> None:
        self.waiting = folder / WAITING
        self.targets: list[Path] = []

    def place(self, target: Path) -> Path:
        """Where the new content of a file is to be written until the act is committed."""
        self.waiting.mkdir(parents=True, exist_ok=True)
        self.targets.append(target)
        return self.waiting / _name(len(self.targets))

    def put(self, target: Path, content: bytes) -> None:
        """Give a file new content, if it is another."""
        if not target.exists() or target.read_bytes() != content:
            self.place(target).write_bytes(content)

    def commit(self) -> None:
        """Put everything in its place, waiting for a build that reads there.

        Raises `Refused` where a file could not be put in its place; then nothing has changed.
        """
        for target in self.targets:
            _check_can_be_written(target)
        here = self.waiting.resolve()
        moves = [
            (_name(number), os.path.relpath(target.resolve(), here))
            for number, target in enumerate(self.targets, start=1)
        ]
        for name, _ in moves:
            _flush(self.waiting / name)
        with _held(self.waiting, fcntl.LOCK_EX):
            draft = self.waiting / f"{JOURNAL}.new"
            draft.write_bytes(json.dumps(moves).encode())
            _flush(draft)
            draft.replace(self.waiting / JOURNAL)
            _flush(self.waiting)
            _move(self.waiting)


@contextmanager
def one_act(folder: Path) -> Iterator[Act]:
    """Commit the files that the block puts together; none of them, if it ends with an error."""
    act = Act(folder)
    try:
        yield act
        if act.targets:
            act.commit()
    except BaseException:
        if not (act.waiting / JOURNAL).exists():
            _clear(act.waiting)
        raise


def settle(folder: Path) -> None:
    """Complete an act that was killed while it moved its files; clear away an unfinished one.

    For whoever holds the folder: it would clear away what another landing has waiting.
    """
    waiting = folder / WAITING
    if waiting.is_dir():
        _complete(waiting)
        _clear(waiting)


@contextmanager
def settled(*folders: Path) -> Iterator[None]:
    """Complete acts that were killed; for as long as the block runs, no other takes place."""
    with ExitStack() as held:
        for folder in folders:
            waiting = folder / WAITING
            try:
                waiting.mkdir(exist_ok=True)
            except OSError:  # no such folder, or closed to writing: to a landing as well
                continue
            _complete(waiting)
            held.enter_context(_held(waiting, fcntl.LOCK_SH))
        yield


def _complete(waiting: Path) -> None:
    if (waiting / JOURNAL).exists():
        with _held(waiting, fcntl.LOCK_EX):
            _move(waiting)


def _move(waiting: Path) -> None:
    """Move all files that still wait, then take the journal away."""
    journal = waiting / JOURNAL
    if not journal.exists():
        return
    folders = set()
    for name, place in json.loads(journal.read_bytes()):
        source, target = waiting / name, waiting / place
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _rename(source, target)
        folders.add(target.parent)
    for folder in folders:
        _flush(folder)
    journal.unlink()
    _flush(waiting)


def _rename(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.new")  # it lies on another disk
        shutil.copyfile(source, beside)
        _flush(beside)
        beside.replace(target)
        source.unlink()


def _check_can_be_written(target: Path) -> None:
    folder = target.parent
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        raise Refused(f"nothing was landed: {target} cannot be written, {folder} is closed to it")


def _clear(waiting: Path) -> None:
    if waiting.is_dir():
        for path in waiting.iterdir():
            path.unlink()


def _name(number: int) -> str:
    return f"{number:07}"


@contextmanager
def _held(folder: Path, kind: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"Waiting for another program that uses {folder.parent}.{os.linesep}")
            fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
