"""What the worklist holds: causes of broken checks with their cells, counts of them, questions."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.findings.read import (
    Check,
    CheckKey,
    Hypothesis,
    Term,
    findings,
    query,
    read_checks,
    read_hypotheses,
    read_terms,
)
from gouji.sql import sql
from gouji.warehouse_file import Record

# More rows than this are hard to work through on one sheet.
MANY = 50


@dataclass(frozen=True)
class Cause:
    """A slip, or a break that none explains, with every check that it breaks.

    `row` is a row of the temporary table `causes`: counts, and the report, agency and severity
    of the first check.
    """

    row: Record
    checks: tuple[Check, ...]
    terms: dict[CheckKey, tuple[Term, ...]]
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True)
class Worklist:
    """The causes in the order of the workbook, and the counts and lists of its first sheet.

    `findings` are what the screens saw: questions, not faults.
    """

    causes: list[Cause]
    reports: Record
    totals: Record
    by_parent: list[Record]
    by_family: list[Record]
    by_slip: list[Record]
    unclassified: list[Record]  # agencies whose sector is not known
    findings: list[Record]


def read_worklist(
    database: Path, province: str | None = None, severity: str | None = None
) -> Worklist:
    """Read the causes of a warehouse's broken checks, of one province or severity if asked.

    Raises:
        WrongCall: the warehouse has no agency in that province.
    """
    with findings(database) as connection:
        if province:
            _check_province(connection, province)
        asked: dict[str, object] = {"province": province, "severity": severity, "many": MANY}
        connection.execute(_sql("causes"), asked)
        return Worklist(
            causes=_causes(connection),
            reports=query(connection, _sql("reports"))[0],
            totals=query(connection, _sql("totals"))[0],
            by_parent=query(connection, _sql("by_parent")),
            by_family=query(connection, _sql("by_family")),
            by_slip=query(connection, _sql("by_slip")),
            unclassified=query(connection, _sql("unclassified"), {"province": province}),
            findings=query(
                connection, _sql("findings"), {"province": province, "severity": severity}
            ),
        )


def _sql(name: str) -> str:
    return sql(f"worklist/queries/{name}.sql")


def _check_province(connection: duckdb.DuckDBPyConnection, province: str) -> None:
    rows = query(
        connection,
        "select distinct province from marts.dim_agency"
        " where province is not null order by province",
    )
    provinces = [row["province"] for row in rows]
    if province not in provinces:
        raise WrongCall(
            f"The warehouse has no agency in {province}; it has {', '.join(provinces)}."
        )


def _causes(connection: duckdb.DuckDBPyConnection) -> list[Cause]:
    rows = query(
        connection,
        "select * from causes"
        " order by province, parent_agency_id, severity, agency_id, report_year, root_cause_id",
    )
    cause_of = {
        (row["report_id"], row["identity_id"], row["slice"]): row["root_cause_id"]
        for row in query(
            connection,
            "select report_id, identity_id, slice, root_cause_id from quality.issues"
            " semi join causes using (root_cause_id)",
        )
    }
    broken = "(report_id, identity_id, slice) in (select (report_id, identity_id, slice)"
    broken += " from quality.issues semi join causes using (root_cause_id))"
    terms = read_terms(connection, broken, {})
    checks: dict[str, list[Check]] = {}
    for check in read_checks(connection, broken, {}):
        checks.setdefault(cause_of[check.key], []).append(check)
    hypotheses: dict[str, list[Hypothesis]] = {}
    best = "rank = 1 and root_cause_id in (select root_cause_id from causes)"
    for hypothesis in read_hypotheses(connection, best, {}):
        hypotheses.setdefault(hypothesis.cells[0].root_cause_id, []).append(hypothesis)
    return [
        Cause(
            row=row,
            checks=tuple(checks[row["root_cause_id"]]),
            terms={check.key: terms.get(check.key, ()) for check in checks[row["root_cause_id"]]},
            hypotheses=tuple(hypotheses.get(row["root_cause_id"], ())),
        )
        for row in rows
    ]
