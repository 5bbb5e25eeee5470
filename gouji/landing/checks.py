"""A first look at the identities of a report just read: a break is a hint of a reading error too.

Only what plain whole numbers settle at once is looked at, within one report; the verdicts are the
warehouse's.  The identities are the rows of the reference seeds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
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
        numbers: Numbers = {
            (table, line): [_number(cell.printed) for cell in cells]
            for table, rows in (("requests", reading.requests), ("reviews", reading.reviews))
            for line, cells in rows.items()
            # a whole that stands above its parts, as （六） may, is their sum and counted with them
            if not (table == "requests" and self.parts.get(line, set()) & reading.requests.keys())
        }
        places = {name: place for place, name in enumerate(form.results)}
        places |= {name: place for place, name in enumerate(form.applicants)}
        places["total"] = -1  # the last column of either table
        found: list[str] = []
        for identity, terms in self.terms.items():
            by = self.slices[identity]
            lines = list(reading.requests) if by == "line" else [""]
            for line in lines:
                for slice_, difference in _differences(
                    terms, line, form.applicants if by == "column" else [], numbers, places
                ):
                    if difference:
                        found.append(f"{identity} in {slice_ or line or 'all'}: {difference:+}")
        return found


def _differences(
    terms: list[_Term],
    line: str,
    columns: list[str],
    numbers: Numbers,
    places: dict[str, int],
) -> Iterable[tuple[str, int]]:
    """Left side minus right side, for each of the columns or, without them, once.

    0 where plain numbers do not settle it; nothing where a row that the identity needs is absent.
    """
    coefficients: list[int] = []
    rows: list[list[int | None]] = []
    cells: list[int | None] = []
    for term in terms:
        row = numbers.get((term.form_table, term.line or line))
        if row is None:
            if not term.may_be_absent:
                return
            continue
        coefficients.append(term.coefficient)
        if columns:
            rows.append(row)
        else:
            cells.append(row[places[term.column]])
    for name, values in zip(columns or [""], zip(*rows, strict=True) if columns else [cells]):
        plain = [value for value in values if value is not None]
        is_plain = len(plain) == len(coefficients)
        yield name, sum(map(mul, coefficients, plain)) if is_plain else 0


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
