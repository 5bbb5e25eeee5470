"""What was landed and decided, in plain Python: nothing here asks the product.

A report is known by its body, year and revision, a cell by table, line and column. The facts are
worked out from the printed texts, which are plain digits, blanks or strokes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Report = tuple[str, int, int]  # body, year, revision
Cell = tuple[str, str, str]  # table, line, column
Value = tuple[Decimal | None, str]  # value, value_status
Fact = tuple[str, int, str, str, str]  # body, year, table, line, column
Check = tuple[str, str, str]  # report_id, identity_id, slice

TOTAL = "total"
# The printed total of the outcomes is a total; so is every cell of the column of totals.
TOTAL_LINES = frozenset({"total_processed"})
YUAN = {"amount": Decimal(10_000)}  # printed in 万元 in the layout that is used here
REASONS = ("landed", "revised", "corrected", "read_anew", "removed")


@dataclass
class State:
    """The facts of a moment, and which revision of each report they are of."""

    facts: Mapping[Fact, Value]
    current: Mapping[tuple[str, int], int]

    def changes(self, before: State) -> Counter[str]:
        """Count the facts that are not as they were, by why."""
        why: Counter[str] = Counter()
        for fact in {*self.facts, *before.facts}:
            if self.facts.get(fact) != before.facts.get(fact):
                now, earlier = self.current.get(fact[:2]), before.current.get(fact[:2])
                why[
                    "landed"
                    if earlier is None
                    else "removed"
                    if now is None
                    else "revised"
                    if now != earlier
                    else "corrected"
                ] += 1
        return why


@dataclass
class Model:
    """Every edition with its printed cells, every correction, every entry of the ledger."""

    editions: dict[Report, dict[Cell, str]] = field(default_factory=dict)
    corrections: dict[tuple[Report, Cell], str] = field(default_factory=dict)
    ledger: set[Check] = field(default_factory=set)

    def land(self, body: str, year: int, cells: dict[Cell, str]) -> Report:
        """A document was landed: of a report that is there it is another revision."""
        report = (body, year, self.current().get((body, year), 0) + 1)
        self.editions[report] = cells
        return report

    def follow(self, report: Report) -> set[Cell]:
        """Move a report's corrections to its new edition; give the cells that it prints otherwise.

        Their corrections are gone: a person takes them out.
        """
        body, year, revision = report
        last = (body, year, revision - 1)
        gone = set()
        for edition, cell in list(self.corrections):
            if edition == last:
                corrected = self.corrections.pop((edition, cell))
                if self.editions[report].get(cell) == self.editions[last][cell]:
                    self.corrections[report, cell] = corrected
                else:
                    gone.add(cell)
        return gone

    def current(self) -> dict[tuple[str, int], int]:
        """The revision that counts: the one that was landed last."""
        return {report[:2]: report[2] for report in sorted(self.editions)}

    def state(self) -> State:
        """Work out the facts."""
        current = self.current()
        facts: dict[Fact, Value] = {}
        for (body, year), revision in current.items():
            for cell, printed in self.editions[body, year, revision].items():
                table, line, column = cell
                is_of_items = table == "disclosures"
                if is_of_items or (column != TOTAL and line not in TOTAL_LINES):
                    corrected = self.corrections.get(((body, year, revision), cell))
                    unit = YUAN.get(column, Decimal(1)) if is_of_items else Decimal(1)
                    facts[body, year, table, line, column] = meaning(printed, corrected, unit)
        return State(facts, current)


def meaning(printed: str, corrected: str | None, unit: Decimal) -> Value:
    """The number that a text means, and what kind of text it is."""
    status = {"": "blank", "/": "not_applicable"}.get(printed, "reported")
    text = corrected or (printed if status == "reported" else "")
    return (Decimal(text) * unit if text else None), status
