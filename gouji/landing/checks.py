"""A first look at the identities of a report just read: a break is a hint of a reading error too.

Only what plain whole numbers settle at once is looked at, within one report; the verdicts are the
warehouse's.  The identities are the rows of the reference seeds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form

Values = dict[tuple[str, str, str], str]


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
        beyond: set[str] = set()
        for row in _rows(reference / "identity_terms.csv"):
            if row["year_offset"] != "0" or row["form_table"] not in ("requests", "reviews"):
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
        self.terms = {
            identity: found for identity, found in terms.items() if identity not in beyond
        }

    def broken(self, reading: Reading, form: Form) -> list[str]:
        """The identities that plain numbers break, each with its slice and difference."""
        values: Values = {}
        for table, rows, columns in (
            ("requests", reading.requests, form.applicants),
            ("reviews", reading.reviews, form.results),
        ):
            for line, cells in rows.items():
                for column, cell in zip(columns, cells, strict=True):
                    values[table, line, column] = cell.printed
        found: list[str] = []
        for identity, terms in self.terms.items():
            slices: list[str] = ["all"]
            if self.slices[identity] == "column":
                slices = form.applicants
            elif self.slices[identity] == "line":
                slices = list(reading.requests)
            for one in slices:
                difference = _difference(terms, one, values)
                if difference:
                    found.append(f"{identity} in {one}: {difference:+}")
        return found


def _difference(terms: list[_Term], one: str, values: Values) -> int:
    """Left side minus right side in a slice; 0 as well where plain numbers do not settle it."""
    total = 0
    for term in terms:
        text = values.get((term.form_table, term.line or one, term.column or one))
        if text is None and term.may_be_absent:
            continue
        if text is None or not (text.isascii() and text.isdigit()):
            return 0
        total += term.coefficient * int(text[:18])
    return total


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
