"""A first look at the identities of a report just read: a break is a hint of a reading error too.

Only what plain whole numbers settle at once is looked at, within one report; the verdicts are the
warehouse's.  The identities are the rows of the reference seeds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter, mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form

MOST_DIGITS = 18

Numbers = dict[tuple[str, str], list[int | None]]  # (form table, line) -> its cells


@dataclass(frozen=True, slots=True)
class _Term:
    form_table: str
    line: str
    column: str
    coefficient: int
    may_be_absent: bool


class Identities:
    """The identities that hold within one report."""

    def __init__(self, reference: Path) -> None:
        self.slices = {
            row["identity_id"]: row["slice_by"] for row in _rows(reference / "identities.csv")
        }
        terms: dict[str, list[_Term]] = defaultdict(list)
        beyond: set[str] = set()  # identities that need other years, other reports or the prose
        for row in _rows(reference / "identity_terms.csv"):
            is_own = row["scope"] == "own" and row["year_offset"] == "0"
            if not is_own or row["form_table"] not in ("requests", "reviews"):
                beyond.add(row["identity_id"])
            terms[row["identity_id"]].append(
                _Term(
                    row["form_table"],
                    row["line_code"],
                    row["column_code"],
                    int(float(row["coefficient"])),
                    row["when_absent"] == "leave_out",
                )
            )
        self.parts = _parts(_rows(reference / "form_lines.csv"))
        self.terms = {
            identity: found for identity, found in terms.items() if identity not in beyond
        }

    def broken(self, reading: Reading, form: Form) -> list[str]:
        """The identities that plain numbers break, each with its slice and difference."""
        requests = reading.requests
        # A whole that stands above its parts, as （六） may, is their sum and counted with them.
        wholes = {whole for whole, parts in self.parts.items() if parts & requests.keys()}
        numbers: Numbers = {
            (table, line): list(map(_number, read.printed))
            for table, rows in (("requests", requests), ("reviews", reading.reviews))
            for line, read in rows.items()
            if table != "requests" or line not in wholes
        }
        places = {name: place for place, name in enumerate(form.results)}
        places |= {name: place for place, name in enumerate(form.applicants)}
        places["total"] = -1  # the last column of either table
        found: list[str] = []
        for identity, terms in self.terms.items():
            by = self.slices[identity]
            slices: Iterable[tuple[str, int]]
            if by == "column":
                slices = _by_column(terms, form.applicants, numbers)
            else:
                slices = _by_line(terms, list(requests) if by == "line" else [""], places, numbers)
            found += [
                f"{identity} in {name or 'all'}: {difference:+}"
                for name, difference in slices
                if difference
            ]
        return found


def _by_column(
    terms: list[_Term], columns: list[str], numbers: Numbers
) -> Iterable[tuple[str, int]]:
    """Each column with left side minus right side; none if a row that is needed is absent."""
    coefficients: list[int] = []
    rows: list[list[int | None]] = []
    for term in terms:
        row = numbers.get((term.form_table, term.line))
        if row is not None:
            coefficients.append(term.coefficient)
            rows.append(row)
        elif not term.may_be_absent:
            return
    for name, values in zip(columns, zip(*rows, strict=True), strict=True):
        yield name, _sum(coefficients, values)


def _by_line(
    terms: list[_Term], lines: list[str], places: dict[str, int], numbers: Numbers
) -> Iterable[tuple[str, int]]:
    """Each line with left side minus right side; none where a row that is needed is absent."""
    coefficients = [term.coefficient for term in terms]
    columns = [places[term.column] for term in terms]
    tables = [(term.form_table, term.line) for term in terms]
    is_one_row = len(set(tables)) == 1
    cells = itemgetter(*columns)
    for line in lines:
        if is_one_row:
            row = numbers.get((tables[0][0], tables[0][1] or line))
            if row is not None:
                yield line, _sum(coefficients, cells(row))
            continue
        rows = [numbers.get((table, own or line)) for table, own in tables]
        if None not in rows:
            values = [row[column] for row, column in zip(rows, columns, strict=True) if row]
            yield line, _sum(coefficients, values)


def _sum(coefficients: Sequence[int], values: Sequence[int | None]) -> int:
    """The sum of the values, each times its coefficient; 0 where one is no plain number."""
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
