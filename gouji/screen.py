"""What the commands show when they are done: aligned text, on a terminal and piped."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console, JustifyMethod
from rich.table import Table

from gouji.audit.verdicts import Audit, Verdict
from gouji.doctor import Finding
from gouji.metrics import Answer, Metric
from gouji.publish.build import Built
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
RULES = {"rule": "Rules that failed", "title": "", "severity": "severity", "rows": "rows"}


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


def show_metrics(console: Console, metrics: Sequence[Metric]) -> None:
    """Show the metrics, a line each; a share with its denominator."""
    rows = [
        {"name": metric.name, "label": metric.label, "denominator": metric.denominator or ""}
        for metric in metrics
    ]
    _show(console, METRICS, rows)


def show_answer(console: Console, answer: Answer) -> None:
    """Show the rows of an answer."""
    rows = [
        # a year is no quantity
        {
            column: str(value) if column == "metric_time__year" else value
            for column, value in zip(answer.columns, row, strict=True)
        }
        for row in answer.rows
    ]
    _show(console, {column: column for column in answer.columns}, rows)


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
    """Show a table: text to the left, figures to the right; all but the first column may wrap."""
    table = Table(box=None, pad_edge=False)
    for number, (name, heading) in enumerate(headings.items()):
        is_text = all(isinstance(row[name], str) for row in rows)
        justify: JustifyMethod = "left" if is_text else "right"
        table.add_column(heading, justify=justify, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(_text(row[name]) for name in headings))
    console.print()
    console.print(table)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # four places are kept of amounts; a count beside them is whole
        return f"{value.normalize():,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, markup=False)
