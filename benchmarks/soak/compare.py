"""Holds what is published against the model: cells, decisions, rows of the history."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.soak.model import REASONS, TOTAL, TOTAL_LINES, Model, State

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 3
PRINTED = """
select agency_name, report_year, revision, form_table, line_code, column_code,
    coalesce(printed, '') as printed
from {0}.printed_cells inner join {0}.dim_report using (report_id)
"""
FACTS = """
select agency_name, report_year, form_table, line_code, column_code, value, value_status
from (
    select report_id, 'requests' as form_table, line_code, applicant_type as column_code,
        value::decimal(28, 4) as value, value_status
    from {0}.fct_requests
    union all
    select report_id, 'reviews', channel, result, value, value_status from {0}.fct_review_litigation
    union all
    select report_id, 'disclosures', line_code, measure_code, value, value_status
    from {0}.fct_published_items
) inner join {0}.dim_report using (report_id)
where value_status <> 'absent' or value is not null
"""
ISSUES = "select distinct report_id, identity_id, slice from quality.issues"
ACKNOWLEDGED = """
select report_id, identity_id, slice from quality.fct_identity_checks where is_acknowledged
"""
COUNTED = {
    "review_rows": "select count(*) from marts.fct_review_litigation",
    "published_item_rows": "select count(*) from marts.fct_published_items",
    "broken_checks": "select count(*) from quality.fct_identity_checks where status = 'broken'",
}


@dataclass
class Published:
    """What is known of what was published last, to hold the next build against."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    state: State = field(default_factory=lambda: State({}, {}))
    issues: set[tuple[str, ...]] = field(default_factory=set)


def compare(build: Path, model: Model, before: Published) -> tuple[Published, list[str]]:
    """Hold a build that was just published against the model, and give what is wrong.

    Args:
        build: its folder.
        model: what was landed and decided when it was built.
        before: what was published before it.
    """
    wrong: list[str] = []
    state = model.state()
    with duckdb.connect(str(build / "gouji.duckdb"), read_only=True) as database:
        wrong += _cells(database, "marts", model, state)
        wrong += _differ("ledger", model.ledger, database.sql(ACKNOWLEDGED).fetchall())
        issues = set(database.sql(ISSUES).fetchall())
        found = database.sql("from quality.run_history order by published_at")
        runs = [dict(zip(found.columns, run, strict=True)) for run in found.fetchall()]
        expected = {
            "reports": len(state.current),
            "issues_opened": len(issues - before.issues),
            "issues_closed": len(before.issues - issues),
            "issues_still_open": len(issues & before.issues),
            "acknowledged_checks": len(model.ledger),
            **{f"values_{why}": state.changes(before.state)[why] for why in REASONS},
            "request_rows": sum(
                column != TOTAL and line not in TOTAL_LINES
                for _, _, table, line, column in state.facts
                if table == "requests"
            ),
        }
        expected |= {name: database.sql(query).fetchall()[0][0] for name, query in COUNTED.items()}
        wrong += _history(runs, before.runs, expected)
    with duckdb.connect() as files:
        for name in ("printed_cells", "dim_report", *FACT_TABLES):
            files.execute(f"create view {name} as from '{build / 'parquet' / name}.parquet'")
        wrong += [f"Parquet: {one}" for one in _cells(files, "main", model, state)]
    return Published(runs, state, issues), wrong


FACT_TABLES = ("fct_requests", "fct_review_litigation", "fct_published_items")


def _cells(
    connection: duckdb.DuckDBPyConnection, schema: str, model: Model, state: State
) -> list[str]:
    """Each cell that was landed is there once, as printed, and each fact is what it means."""
    printed = [
        (*report, *cell, text)
        for report, cells in model.editions.items()
        for cell, text in cells.items()
    ]
    facts = [(*fact, *value) for fact, value in state.facts.items()]
    return [
        *_differ("printed", printed, connection.sql(PRINTED.format(schema)).fetchall()),
        *_differ("facts", facts, connection.sql(FACTS.format(schema)).fetchall()),
    ]


def _differ(what: str, expected: Any, found: Any) -> list[str]:
    one, other = Counter(expected), Counter(found)
    said = []
    for sign, rest in (("lost", one - other), ("not landed, or doubled", other - one)):
        if rest:
            rows = "; ".join(" ".join(map(str, row)) for row in list(rest)[:SHOWN])
            said.append(f"{what}: {rest.total()} rows {sign}: {rows}")
    return said


def _history(
    runs: list[dict[str, Any]],
    before: list[dict[str, Any]],
    expected: dict[str, int],
) -> list[str]:
    """The rows of before stand as they were, one was added, it is the last, and it is right."""
    wrong = []
    if runs[:-1] != before:
        wrong.append(f"history: {len(runs)} rows, and not the {len(before)} of before and one more")
    times = [run["published_at"] for run in runs]
    if any(one >= other for one, other in pairwise(times)):
        wrong.append("history: times that do not follow each other")
    last = runs[-1]
    wrong += [
        f"history: {name} is {last[name]}, and not {number}"
        for name, number in expected.items()
        if last[name] != number
    ]
    return wrong
