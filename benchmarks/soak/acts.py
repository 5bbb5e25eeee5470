"""What a person does between builds: land, revise, correct, acknowledge; the model is told."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from benchmarks.soak.bad_files import bad_document
from benchmarks.soak.compare import Published
from benchmarks.soak.documents import BUREAU, YEARS, cells_of, document, drawn
from benchmarks.soak.model import TOTAL_LINES, Model
from benchmarks.soak.place import keep_rows

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from benchmarks.soak.model import Check, Report
    from benchmarks.soak.place import Done, Place
    from gouji.landing.vocabulary import Form

SECONDS_OF_A_LANDING = 4.0
SHARE_OF_LANDINGS_KILLED = 0.25
BY = ("--by", "soak", "--yes")


class Wrong(Exception):
    """Something is not as it must be."""


@dataclass
class Acts:
    """A person with a model of what was done; `changed` are bodies with something since a build."""

    place: Place
    form: Form
    bodies: list[str]
    chance: random.Random
    model: Model = field(default_factory=Model)
    published: Published = field(default_factory=Published)
    changed: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    documents: int = 0

    def land(self) -> None:
        """Land a report of a body and year that has none; a revision, where all have one."""
        there = self.model.current()
        free = [
            (f"{body}{BUREAU}", year)
            for body in self.bodies
            for year in YEARS
            if (f"{body}{BUREAU}", year) not in there
        ]
        if free:
            self._land(*self.chance.choice(free), "landings")
        else:
            self.revise()

    def revise(self) -> None:
        """Land another document of a report that is there."""
        self._land(*self.chance.choice(sorted(self.model.current())), "revisions")

    def _land(self, body: str, year: int, what: str) -> None:
        truth = drawn(self.form, self.chance)
        self.documents += 1
        truth.title = f"{body}{year}年政府信息公开工作年度报告"
        page = document(truth, self.form, self.documents, self.place.documents)
        self._take_back(body)
        command = ("land", "--new-agencies", "--workers", "1", page)
        if self.chance.random() < SHARE_OF_LANDINGS_KILLED:
            after = self.chance.uniform(0, SECONDS_OF_A_LANDING)
            killed = self.place.run(*command, kill_after=after)
            self.counts["landings killed"] += killed.exit_code is None
        expect(self.place.run(*command), 0)
        report = self.model.land(body, year, cells_of(truth, self.form))
        self._take_corrections_back(report)
        self.changed.add(body)
        self.counts[what] += 1

    def correct(self) -> None:
        """Correct a printed number of a published report."""
        current = self.published.state.current
        cells = [
            (report, cell)
            for report in ((*of, revision) for of, revision in sorted(current.items()))
            if self.model.current()[report[:2]] == report[2]
            for cell, printed in self.model.editions[report].items()
            if cell[0] == "requests"
            and cell[1] not in TOTAL_LINES
            and printed.isdecimal()
            and (report, cell) not in self.model.corrections
        ]
        report, cell = self.chance.choice(cells)
        number = str(int(self.model.editions[report][cell]) + self.chance.randrange(1, 50))
        self._take_back(report[0])
        done = self.place.run(
            *("correct", self.id_of(report), ".".join(cell), number),
            *("--evidence", "a telephone note", "--on-purpose", *BY),
        )
        expect(done, 0)
        self.model.corrections[report, cell] = number
        self.changed.add(report[0])
        self.counts["corrections"] += 1

    def acknowledge(self) -> None:
        """Enter a published break into the ledger, unless its body has changed since."""
        with self._open() as database:
            broken = database.execute(
                "select report_id, identity_id, slice from quality.issues"
                " inner join marts.dim_report using (report_id)"
                " where not is_acknowledged and not list_contains(?, agency_name) order by all",
                [sorted(self.changed)],
            ).fetchall()
        broken = [check for check in broken if check not in self.model.ledger]
        if not broken:
            return self.land()
        check: Check = self.chance.choice(broken)
        done = self.place.run(
            *("acknowledge", *check[:2], "--slice", check[2], "--until", "2099-12-31"),
            *("--reason", "as the body says", "--evidence", "its letter", *BY),
        )
        expect(done, 0)
        rows = {(row["report_id"], row["identity_id"], row["slice"]) for row in self._ledger()}
        if check not in rows or not rows > self.model.ledger:
            raise Wrong(f"the ledger does not hold {check}: {done.said}")
        self.model.ledger = rows
        self.counts["acknowledgements"] += 1
        return None

    def land_what_is_none(self) -> None:
        """Land a page that is no report: it is refused, and the raw tables stay as they are."""
        raw = {path: path.read_bytes() for path in (self.place.seeds / "raw").glob("*.csv")}
        expect(self.place.run("land", "--new-agencies", bad_document(self.place.documents)), 2)
        if any(path.read_bytes() != text for path, text in raw.items()):
            raise Wrong("a refused document changed the raw tables")
        self.counts["refused: a bad document"] += 1

    def id_of(self, report: Report) -> str:
        """The id that a published report has."""
        with self._open() as database:
            found = database.execute(
                "select report_id from marts.dim_report"
                " where (agency_name, report_year, revision) = (?, ?, ?)",
                list(report),
            ).fetchall()
        return str(found[0][0])

    def _take_back(self, body: str) -> None:
        """Take a body's entries out of the ledger, as what they were bound to changes."""
        ids = {
            check[0]
            for check in self.model.ledger
            if (of := self._report_of(check[0])) and of[0] == body
        }
        if not ids:
            return
        keep_rows(self._ledger_file, lambda row: row["report_id"] not in ids)
        self.model.ledger = {check for check in self.model.ledger if check[0] not in ids}
        self.counts["entries taken back"] += len(ids)

    def _take_corrections_back(self, report: Report) -> None:
        """Take out the corrections of cells that a report's new edition prints otherwise."""
        gone = self.model.follow(report)
        if gone:
            keep_rows(
                self.place.seeds / "stewardship" / "corrections.csv",
                lambda row: (
                    self._report_of(row["report_id"]) != report[:2]
                    or (row["form_table"], row["line_code"], row["column_code"]) not in gone
                ),
            )
            self.counts["corrections taken back"] += len(gone)

    def _report_of(self, report_id: str) -> tuple[str, int] | None:
        """The body and year of a published report."""
        with self._open() as database:
            found = database.execute(
                "select agency_name, report_year from marts.dim_report where report_id = ?",
                [report_id],
            ).fetchone()
        return found and (str(found[0]), int(found[1]))

    @property
    def _ledger_file(self) -> Path:
        return self.place.seeds / "stewardship" / "acknowledged_issues.csv"

    def _ledger(self) -> list[dict[str, str]]:
        with self._ledger_file.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _open(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.place.warehouse.published), read_only=True)


def expect(done: Done, *codes: int) -> None:
    """Make sure that a command ended as it should."""
    if done.exit_code not in codes:
        raise Wrong(f"exit code {done.exit_code}, and not {codes}: {done.said[-2000:]}")
