"""Adding rows to a stewardship seed: what is in the file stays as it is, byte by byte."""

import csv
import fcntl
import io
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gouji.errors import WrongCall

Row = Mapping[str, str]


@dataclass(frozen=True)
class Seed:
    """A CSV file of decisions; `key` are the columns of which no two rows have the same."""

    file: Path
    key: tuple[str, ...]

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """Give the rows as lines of the file, its heading first.

        Raises:
            WrongCall: the file cannot be read, lacks a column, or holds a row of that key already.
        """
        heading = self._check(self._read(), rows)
        return [_line(heading), *(_line([row.get(name, "") for name in heading]) for row in rows)]

    def missing(self, rows: Sequence[Row], but: Collection[str]) -> list[Row]:
        """Give the rows that the file does not hold yet, whatever it says in the columns `but`.

        Raises:
            WrongCall: the file cannot be read, or a row of it has another number of values.
        """

        def same(row: Row) -> tuple[tuple[str, str], ...]:
            return tuple(sorted((name, text) for name, text in row.items() if name not in but))

        heading, held = self._parse(self._read())
        columns = set(rows[0]) if rows else set()
        known = {
            same({n: t for n, t in zip(heading, row, strict=True) if n in columns})
            for _, row in held
        }
        return [row for row in rows if same(row) not in known]

    def add(self, rows: Sequence[Row]) -> None:
        """Write the rows at the end of the file, in one step.

        Raises:
            WrongCall: as `lines` does; nothing is written then.
        """
        with _alone(self.file.parent):
            held = self._read()
            _, *lines = self.lines(rows)
            end = b"\r\n" if held.partition(b"\n")[0].endswith(b"\r") else b"\n"
            gap = b"" if held.endswith(b"\n") else end
            new = self.file.with_name(f".{self.file.name}.new")
            added = b"".join(line.encode() + end for line in lines)
            try:
                new.write_bytes(held + gap + added)
                new.chmod(self.file.stat().st_mode)
                new.replace(self.file)
            finally:
                new.unlink(missing_ok=True)

    def _read(self) -> bytes:
        try:
            return self.file.read_bytes()
        except FileNotFoundError as error:
            raise WrongCall(f"{self.file} is not there: --project names another folder.") from error

    def _check(self, held: bytes, rows: Sequence[Row]) -> list[str]:
        heading, found = self._parse(held)
        if missing := [name for name in rows[0] if name not in heading]:
            raise WrongCall(
                f"{self.file}, line 1, has no column {missing[0]}: it has {', '.join(rows[0])}."
            )
        named = [tuple(row[name] for name in self.key) for row in rows]
        keys = set(named)
        if len(keys) < len(named):
            twice = Counter(named).most_common(1)[0][0]
            raise WrongCall(
                f"{' '.join(twice)} is decided on twice: {self.file.name} takes one row for it."
            )
        places = [heading.index(name) for name in self.key]
        for line, row in found:
            key = tuple(row[place] for place in places)
            if key in keys:
                raise WrongCall(
                    f"{self.file}, line {line}, decides on {' '.join(key)} already:"
                    " change or delete that line."
                )
        return heading

    def _parse(self, held: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """Give the columns, and each row with the line in which it ends."""
        try:
            text = held.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = held[: error.start].count(b"\n") + 1
            raise WrongCall(f"{self.file}, line {line}, is not UTF-8: save it as UTF-8.") from error
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            heading = next(reader, [])
            found = [(reader.line_num, row) for row in reader if row]
        except csv.Error as error:
            raise WrongCall(
                f"{self.file}, line {reader.line_num}, is no CSV ({error}): mend it first."
            ) from error
        for line, row in found:
            if len(row) != len(heading):
                raise WrongCall(
                    f"{self.file}, line {line}, has {len(row)} values for"
                    f" {len(heading)} columns: mend it first."
                )
        return heading, found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time add to the seeds of a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _line(values: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(values)
    return written.getvalue()
