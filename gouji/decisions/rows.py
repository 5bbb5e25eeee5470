"""The rows that a decision is: of the ledger for each check of a cause, or of the corrections."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gouji.decisions.seed import Row
from gouji.errors import WrongCall
from gouji.findings.read import query
from gouji.near import near_it
from gouji.sql import sql
from gouji.warehouse_file import near_words, reading

CHECK = ("report_id", "identity_id", "slice")
CELL = ("report_id", "form_table", "line_code", "column_code")
LETTER = (*CHECK, "event", "happened_on")
KNOWN = "select report_id as word from marts.dim_report"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Decision:
    """Who decided, when, and what shows that it is right."""

    evidence: str
    by: str
    on: date


def acknowledgements(
    database: Path,
    check: tuple[str, str, str | None],
    reason: str,
    until: date,
    decision: Decision,
) -> list[Row]:
    """Give a row of the ledger for each broken check of a cause that is not in it yet.

    Args:
        database: the published warehouse, whose sides the rows are bound to.
        check: report, identity and slice of one of them; no slice, where the identity breaks in
            slices of one cause alone.
        reason: why the break may stand.
        until: the last day on which the entries hold.
        decision: by whom, when, by what evidence.

    Raises:
        WrongCall: no such check is broken, the slice is needed, all are acknowledged, or the
            entries would have expired.
    """
    if until <= decision.on:
        raise WrongCall(f"--until {until} is no day to come: an entry holds up to it.")
    report_id, identity_id, slice_ = check
    asked: dict[str, object] = {
        "report_id": report_id,
        "identity_id": identity_id,
        "slice": slice_,
    }
    with reading(database) as connection:
        found = query(connection, sql("decisions/queries/checks_of_cause.sql"), asked)
        if not found:
            raise WrongCall(_not_broken(connection, report_id, identity_id, slice_))
    if len({row["root_cause_id"] for row in found}) > 1:
        slices = ", ".join(row["slice"] for row in found if row["is_asked"])
        raise WrongCall(
            f"{identity_id} of {report_id} breaks for several causes: --slice names the one that"
            f" is meant, {slices}."
        )
    if all(row["is_acknowledged"] for row in found):
        raise WrongCall(f"{identity_id} of {report_id} is acknowledged already.")
    return ledger_entries(found, reason, until, decision)


def ledger_entries(
    checks: Iterable[Mapping[str, Any]], reason: str, until: date, decision: Decision
) -> list[Row]:
    """Give a row of the ledger for each of some broken checks that is not acknowledged."""
    return [
        {
            **{name: row[name] for name in CHECK},
            "observed_lhs": plain(row["lhs"]),
            "observed_rhs": plain(row["rhs"]),
            "reason": reason,
            "evidence": decision.evidence,
            "acknowledged_by": decision.by,
            "acknowledged_on": decision.on.isoformat(),
            "expires_on": until.isoformat(),
        }
        for row in checks
        if not row["is_acknowledged"]
    ]


def correction(
    database: Path,
    report_id: str,
    cell: str,
    corrected: str,
    decision: Decision,
    *,
    on_purpose: bool = False,
) -> Row:
    """Give the row of the corrections for a cell, with the text that is printed there.

    Args:
        database: the published warehouse.
        report_id: the report.
        cell: `form_table.line_code.column_code`, as `gouji explain` prints it.
        corrected: the number that should stand there, in the unit that is printed.
        decision: by whom, when, by what evidence.
        on_purpose: that the correction mends nothing, or breaks a check that held, is known.

    Raises:
        WrongCall: there is no such report or cell, or the number is none.
    """
    if not NUMBER.fullmatch(corrected):
        raise WrongCall(f"{corrected} is no number in plain digits, such as 11 or 12.5.")
    with reading(database) as connection:
        there = query(
            connection,
            "select concat_ws('.', form_table, line_code, column_code) as cell, printed"
            " from marts.printed_cells where report_id = $report_id",
            {"report_id": report_id},
        )
        if not there:
            raise WrongCall(_no_report(connection, report_id))
    printed = {row["cell"]: row["printed"] or "" for row in there}
    if cell not in printed:
        raise WrongCall(f"{report_id} has no cell {cell}{near_it(cell, printed)}.")
    table, line, column = cell.split(".")
    return {
        "report_id": report_id,
        "form_table": table,
        "line_code": line,
        "column_code": column,
        "printed": printed[cell],
        "corrected": corrected,
        "evidence": decision.evidence,
        "corrected_by": decision.by,
        "corrected_on": decision.on.isoformat(),
        "on_purpose": "true" if on_purpose else "",
    }


def _not_broken(
    connection: duckdb.DuckDBPyConnection, report_id: str, identity_id: str, slice_: str | None
) -> str:
    of_report: dict[str, object] = {"report_id": report_id}
    if not query(connection, f"{KNOWN} where report_id = $report_id", of_report):
        return _no_report(connection, report_id)
    rows = query(
        connection,
        "select identity_id, slice from quality.issues where report_id = $report_id",
        of_report,
    )
    broken = [f"{row['identity_id']} {row['slice']}" for row in rows]
    asked = f"{identity_id} {slice_}" if slice_ else identity_id
    return f"{asked} of {report_id} is not broken{near_it(asked, broken)}."


def _no_report(connection: duckdb.DuckDBPyConnection, report_id: str) -> str:
    near = near_words(connection, KNOWN, report_id)
    return f"There is no report {report_id}; near it are {near}."


def plain(number: Decimal | None) -> str:
    """Write the side of a broken check, which has one, in plain digits."""
    if number is None:
        raise ValueError
    return format(number.normalize(), "f")
