"""A first look at the identities of a report just read: a break is a hint of a reading error too.

Only what plain whole numbers settle at once is looked at, within one report; the verdicts are the
warehouse's.  The identities are the rows of the reference seeds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from operator import itemgetter, mul
from typing import TYPE_CHECKING

from gouji.identities import identities_of_seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from gouji.identities import Identity, Term
    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form

# Tables of whole numbers.
TABLES = ("requests", "reviews")
MOST_DIGITS = 18

Numbers = dict[tuple[str, str], list[int | None]]  # (form table, line) -> its cells


class Identities:
    """The identities that hold within one report."""

    def __init__(self, reference: Path) -> None:
        # others need other years, other reports, table 二 or the prose
        self.identities = [
            identity
            for identity in identities_of_seeds(reference)
            if all(t.is_of_the_report and t.form_table in TABLES for t in identity.terms)
        ]
        self.parts = _parts(_rows(reference / "form_lines.csv"))

    def broken(self, reading: Reading, form: Form) -> list[str]:
        """The identities that plain numbers break, each with its slice and difference."""
        return [
            f"{identity.identity_id} in {name or 'all'}: {difference:+}"
            for identity, name, difference in self._breaks(reading, form)
        ]

    def broken_cells(self, reading: Reading, form: Form) -> set[tuple[str, str, int]]:
        """The cells of broken identities: form table, line and place in its row."""
        found: set[tuple[str, str, int]] = set()
        rows = {"requests": reading.requests, "reviews": reading.reviews}
        columns = {"requests": form.applicants, "reviews": form.results}
        places = _places(form)
        for identity, name, _ in self._breaks(reading, form):
            is_by_column = identity.slice_by == "column"
            for term in identity.terms:
                line = term.line_code or name
                row = rows[term.form_table].get(line)
                own = columns[term.form_table]
                place = own.index(name) if is_by_column else places[term.column_code or ""]
                if row is not None:
                    found.add((term.form_table, line, place % len(row)))
        return found

    def _breaks(self, reading: Reading, form: Form) -> Iterator[tuple[Identity, str, int]]:
        """The identities that plain numbers break, with the slice and the difference of each."""
        requests = reading.requests
        # A whole that stands above its parts, as （六） may, is their sum and counted with them.
        wholes = {whole for whole, parts in self.parts.items() if parts & requests.keys()}
        numbers: Numbers = {
            (table, line): list(map(_number, read.printed))
            for table, rows in (("requests", requests), ("reviews", reading.reviews))
            for line, read in rows.items()
            if table != "requests" or line not in wholes
        }
        places = _places(form)
        columns = {"requests": form.applicants, "reviews": form.results}
        lines = {"requests": list(requests), "reviews": list(reading.reviews)}
        for identity in self.identities:
            if identity.layout not in (None, reading.layout):
                continue
            table = identity.form_table
            slices: Iterable[tuple[str, int]]
            if identity.slice_by == "column":
                slices = _by_column(identity.terms, columns[table], numbers)
            else:
                by_line = lines[table] if identity.slice_by == "line" else [""]
                slices = _by_line(identity.terms, by_line, places, numbers)
            for name, difference in slices:
                yield identity, name, difference


def _places(form: Form) -> dict[str, int]:
    """Where the columns of tables 三 and 四 stand in their rows."""
    places = {name: place for place, name in enumerate(form.results)}
    places |= {name: place for place, name in enumerate(form.applicants)}
    places["total"] = -1  # the last column of either table
    return places


def _by_column(
    terms: Sequence[Term], columns: list[str], numbers: Numbers
) -> Iterable[tuple[str, int]]:
    """The columns in which left side minus right side is not 0, and what it is.

    None if a row that is needed is absent.
    """
    coefficients: list[int] = []
    rows: list[list[int | None]] = []
    for term in terms:
        row = numbers.get((term.form_table, term.line_code or ""))
        if row is not None:
            coefficients.append(term.coefficient)
            rows.append(row)
        elif term.is_required:
            return
    for name, values in zip(columns, zip(*rows, strict=True), strict=bool(rows)):
        if difference := _sum(coefficients, values):
            yield name, difference


def _by_line(
    terms: Sequence[Term], lines: list[str], places: dict[str, int], numbers: Numbers
) -> Iterable[tuple[str, int]]:
    """The lines in which left side minus right side is not 0, and what it is.

    None where a row that is needed is absent.
    """
    coefficients = [term.coefficient for term in terms]
    columns = [places[term.column_code or ""] for term in terms]
    tables = [(term.form_table, term.line_code or "") for term in terms]
    is_one_row = len(set(tables)) == 1
    cells = itemgetter(*columns)
    for line in lines:
        if is_one_row:
            row = numbers.get((tables[0][0], tables[0][1] or line))
            if row is not None and (difference := _sum(coefficients, cells(row))):
                yield line, difference
            continue
        rows = [numbers.get((table, own or line)) for table, own in tables]
        if None not in rows:
            values = [row[column] for row, column in zip(rows, columns, strict=True) if row]
            if difference := _sum(coefficients, values):
                yield line, difference


def _sum(coefficients: Sequence[int], values: Sequence[int | None]) -> int:
    """The sum of the values, each times its coefficient; 0 where one is no plain number."""
    if not any(values):  # as in most rows and columns
        return 0
    try:
        return sum(map(mul, coefficients, values))
    except TypeError:
        return 0


def _parts(form_lines: list[dict[str, str]]) -> dict[str, set[str]]:
    """The lines of table 三 that can stand as one row or split into parts: whole -> parts."""
    requests = [row for row in form_lines if row["form_table"] == "requests"]
    wholes = {row["line_code"] for row in requests if row["line_kind"] == "leaf"}
    parts: dict[str, set[str]] = defaultdict(set)
    for row in requests:
        if row["parent_line_code"] in wholes:
            parts[row["parent_line_code"]].add(row["line_code"])
    return dict(parts)


@lru_cache(maxsize=50_000)
def _number(text: str) -> int | None:
    """A plain whole number; a text of more digits than a count can have is none."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_plain else None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
