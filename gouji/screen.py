"""What the commands show when they are done: aligned text, on a terminal and piped."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, islice

from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from gouji.answers import Row
from gouji.audit.verdicts import Audit, Verdict
from gouji.bodies import Found
from gouji.changes import Changes
from gouji.doctor import Finding
from gouji.metrics.ask import Answer, Metric
from gouji.metrics.dimensions import Dimension
from gouji.publish.build import Built, Unchanged
from gouji.summary import Summary
from gouji.warehouse_file import Record

CELLS = {
    "form_table": "Cells",
    "cells": "all",
    "reported": "reported",
    "blank": "blank",
    "not_applicable": "n/a",
    "unreadable": "unreadable",
    "absent": "absent",
    "in_doubt": "in doubt",
}
IDENTITIES = {
    "family": "Identities, by check",
    "held": "held",
    "held_if_blank_is_zero": "held if blank is 0",
    "broken": "broken",
    "acknowledged": "in ledger",
    "not_assessable": "not assessable",
}
BROKEN_CHECKS = {
    "identity_id": "Broken identities",
    "title_zh": "",
    "reports": "reports",
    "broken": "broken",
    "unacknowledged": "not in ledger",
}
SUITES = {"suite": "Audit", "passed": "passed", "failed": "failed", "critical": "critical"}
METRICS = {"name": "Metric", "label": "", "denominator": "share of"}
DIMENSIONS = {"name": "Dimension", "words": "or", "values": "values"}
BODIES = {
    "agency_id": "Body",
    "agency_name": "",
    "reports": "reports",
    "years": "of",
}
REPORTS = {
    "report_id": "Report",
    "year": "year",
    "checks": "checks",
    "broken": "broken",
    "not_assessable": "not assessable",
}
VALUES = {
    "why": "Values",
    "form_table": "",
    "reports": "reports",
    "appeared": "appeared",
    "changed": "changed",
    "disappeared": "disappeared",
}
TOTALS = {
    "line": "Totals, of bodies' own reports",
    "year": "year",
    "values_before": "values before",
    "values_after": "after",
    "total_before": "total before",
    "total_after": "after",
}
SUMS = ("total_before", "total_after")
RULES = {"rule": "Rules that failed", "title": "", "severity": "severity", "rows": "rows"}

ROWS_SHOWN = 200
LEAST_WIDTH = 12  # of a column whose texts are wrapped
BETWEEN_COLUMNS = 2
VALUES_SHOWN = 8
BODIES_SHOWN = 30


def show_built(console: Console, built: Built, seconds: dict[str, float]) -> None:
    """Show a published build on one screen."""
    show_summary(console, built.summary)
    show_audit(console, built.audit)
    _line(console, "Time: " + ", ".join(f"{name} {took:.1f} s" for name, took in seconds.items()))
    if built.dbt_warnings:
        _line(console, f"dbt gave {built.dbt_warnings} warnings: see {built.dbt_log}")
    if built.site:
        _line(console, f"Site: {built.site / 'index.html'}")
    _line(console, f"Published: {built.published}")


def show_unchanged(console: Console, unchanged: Unchanged) -> None:
    """Show that a build had nothing to do."""
    since = f" of {unchanged.since:%Y-%m-%d %H:%M}" if unchanged.since else ""
    _line(
        console,
        f"Nothing has changed since the build{since}, so nothing is published"
        " (--full builds all the same).",
    )
    _line(console, f"Published: {unchanged.published}")


def show_changes(console: Console, changes: Changes) -> None:
    """Show which values a build changed, and what the lines of the form add up to."""
    build = changes.build
    at = f"{build['published_at']:%Y-%m-%d %H:%M}"
    if changes.is_first:
        _line(console, f"The build of {at} has none before it to be held against.")
        return
    _line(
        console,
        f"The build of {at} against that of {build['previous_published_at']:%Y-%m-%d %H:%M};"
        f" reports: {build['previous_reports']:,}, now {build['reports']:,}; issues opened:"
        f" {build['issues_opened']:,}, closed: {build['issues_closed']:,}",
    )
    if not changes.counts:
        _line(console, "No value has changed.")
        return
    _show(console, VALUES, changes.counts)
    _show(console, TOTALS, [_total(row) for row in changes.totals[:ROWS_SHOWN]])
    if len(changes.totals) > ROWS_SHOWN:
        _line(console, f"The first {ROWS_SHOWN} of {len(changes.totals):,} totals.")
    _line(console, "\nEach value: gouji diff --format csv or json, or quality.value_changes")


def show_summary(console: Console, summary: Summary) -> None:
    """Show the reports, the cells by status and the identities by verdict."""
    reports = summary.reports
    _line(
        console,
        f"\nReports: {reports['reports']:,}, of {reports['agencies']:,} agencies,"
        f" {reports['first_year']} to {reports['last_year']};"
        f" consolidated: {reports['consolidated']:,}",
    )
    _show(console, CELLS, summary.cells)
    _show(console, IDENTITIES, summary.identities)
    causes = summary.causes
    _line(
        console,
        f"Causes of broken checks: {causes['causes']:,}; open: {causes['still_open']:,}, of these"
        f" asked {causes['asked']:,}, answered {causes['answered']:,}; acknowledged:"
        f" {causes['acknowledged']:,}; corrected: {causes['corrected']:,}",
    )


def show_audit(console: Console, audit: Audit) -> None:
    """Show the suites, and each rule that failed; broken identities have a table of their own."""
    _show(console, SUITES, [_suite(name, verdicts) for name, verdicts in audit.suites()])
    failed = [v for v in audit.verdicts if not v.passed and not v.is_identity]
    if failed:
        _show(console, RULES, [_rule(verdict) for verdict in failed])
    _line(console, f"Report of the audit: {audit.report}")


def show_broken_checks(console: Console, summary: Summary) -> None:
    """Show the identities that are broken somewhere."""
    if summary.broken_checks:
        _show(console, BROKEN_CHECKS, summary.broken_checks)
    else:
        _line(console, "No identity is broken.")


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Show what the doctor found, a line each."""
    words = {0: "", 2: "wrong", 3: "broken"}
    for finding in findings:
        _line(console, f"{words[finding.exit_code]:8}{finding.topic:20}{finding.found}")


def show_found(console: Console, found: Found) -> None:
    """Show the reports of a body, or the bodies of a name."""
    if found.body:
        _line(console, f"{found.body['agency_id']}  {found.body['agency_name']}")
        if not found.reports:
            _line(console, "No report of it is there.")
            return
        _show(console, REPORTS, [{**one, "year": str(one["report_year"])} for one in found.reports])
    else:
        bodies = [
            {**one, "years": f"{one['first_year']} to {one['last_year']}" if one["reports"] else ""}
            for one in found.bodies[:BODIES_SHOWN]
        ]
        _show(console, BODIES, bodies)
        if len(found.bodies) > BODIES_SHOWN:
            _line(console, f"The first {BODIES_SHOWN} of {len(found.bodies):,}.")
    _line(console, "\nOne of them: gouji explain ID")


def show_metrics(console: Console, metrics: Sequence[Metric]) -> None:
    """Show the metrics, a line each; a share with its denominator."""
    rows = [
        {"name": metric.name, "label": metric.label, "denominator": metric.denominator or ""}
        for metric in metrics
    ]
    _show(console, METRICS, rows)
    _line(console, "\nBy what one is grouped and filtered: gouji metrics METRIC --dimensions")


def show_dimensions(console: Console, values: Mapping[Dimension, Sequence[str]]) -> None:
    """Show dimensions with the words for them and their values, a line each."""
    rows = [
        {
            "name": dimension.name,
            "words": ", ".join(dimension.words),
            "values": _some(values[dimension]),
        }
        for dimension in values
    ]
    _show(console, DIMENSIONS, rows)


def show_figures(console: Console, answer: Answer, rates: Collection[str]) -> None:
    """Show the rows of an answer: rates in per cent, counts whole, years as they are."""
    rows = [
        [
            _figure(value, name, name in rates)
            for name, value in zip(answer.columns, row, strict=True)
        ]
        for row in answer.rows
    ]
    _table(console, answer.columns, rows, _texts(answer.columns, answer.rows))


def show_rows(console: Console, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Show the first rows of any question, as they are, and say if there are more.

    Of columns, too, as many from the left as can be read beside each other.
    """
    rows = iter(rows)
    first = list(islice(rows, ROWS_SHOWN))
    shown = [["" if value is None else str(value) for value in row] for row in first]
    fit = _columns_that_fit(console.width, columns, shown)
    _table(console, columns[:fit], [row[:fit] for row in shown], _texts(columns, first)[:fit])
    if fit < len(columns):
        said = f"The first {fit} of {len(columns)} columns; all of them"
        _line(console, f"\n{said}: --format csv or json")
    if next(rows, None) is not None:
        _line(console, f"\nThe first {ROWS_SHOWN} rows; all of them: --format csv or json")


def _columns_that_fit(width: int, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns, from the left, have room: the first in one line, the others wrapped."""
    longest = [max(map(cell_len, texts)) for texts in zip(columns, *rows, strict=True)]
    needed = [longest[0], *(min(one, LEAST_WIDTH) for one in longest[1:])]
    ends = accumulate(one + BETWEEN_COLUMNS for one in needed)
    return max(1, sum(end - BETWEEN_COLUMNS <= width for end in ends))


def _figure(value: object, column: str, is_rate: bool) -> str:
    if value is not None and (is_rate or column == "metric_time__year"):
        return f"{value:.1%}" if is_rate else str(value)
    return _text(value)


def _some(values: Sequence[str]) -> str:
    if len(values) <= VALUES_SHOWN:
        return ", ".join(values)
    return f"{', '.join(values[:VALUES_SHOWN])} … {len(values):,} in all"


def _total(row: Record) -> Record:
    codes = [row["form_table"], row["line_code"], row["column_code"]]
    sums = {name: _shortest(row[name]) for name in SUMS}
    return {**row, **sums, "line": ".".join(codes), "year": str(row["report_year"])}


def _shortest(value: Decimal | None) -> int | Decimal | None:
    """Give a sum without the zeros after it: few are of amounts."""
    if value is None or value % 1:
        return value and value.normalize()
    return int(value)


def _suite(name: str, verdicts: Sequence[Verdict]) -> Record:
    failed = [verdict for verdict in verdicts if not verdict.passed]
    return {
        "suite": name,
        "passed": len(verdicts) - len(failed),
        "failed": len(failed),
        "critical": sum(verdict.severity == "critical" for verdict in failed),
    }


def _rule(verdict: Verdict) -> Record:
    return {
        "rule": f"{verdict.suite}.{verdict.rule_id}",
        "title": verdict.title_zh,
        "severity": verdict.severity,
        "rows": verdict.exception or verdict.failing,
    }


def _show(console: Console, headings: dict[str, str], rows: Sequence[Record]) -> None:
    """Show rows by the names of their columns."""
    cells = [[row[name] for name in headings] for row in rows]
    shown = [list(map(_text, row)) for row in cells]
    _table(console, list(headings.values()), shown, _texts(headings, cells))


def _texts(columns: Collection[str], rows: Sequence[Row]) -> list[bool]:
    """Say of each column whether it holds text alone."""
    return [all(isinstance(row[place], str) for row in rows) for place in range(len(columns))]


def _table(
    console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]], is_text: list[bool]
) -> None:
    """Show a table: text to the left, figures to the right; all but the first column may wrap."""
    table = Table(box=None, pad_edge=False)
    for number, heading in enumerate(headings):
        justify: JustifyMethod = "left" if is_text[number] else "right"
        table.add_column(Text(heading), justify=justify, no_wrap=number == 0, overflow="fold")
    for row in rows:
        # what somebody else wrote is no markup of ours
        table.add_row(*map(Text, row))
    console.print()
    console.print(table)


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, markup=False)
