"""What the worklist holds: causes of broken checks with their cells, and counts of them."""

from dataclasses import dataclass
from importlib.resources import files
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
from gouji.warehouse_file import Record

CAUSES = files("gouji.worklist").joinpath("causes.sql")

# More rows than this are hard to work through on one sheet.
MANY = 50

COUNTS = """
    count(*) as causes,
    count_if(severity = 'error') as errors,
    count_if(severity = 'warning') as warnings,
    count_if(checks_acknowledged = checks) as acknowledged
"""
TOTALS = f"select {COUNTS} from causes"
BY_PARENT = f"""
select province, parent, parent_agency_id, is_split, {COUNTS} from causes
group by province, parent, parent_agency_id, is_split
order by province, causes desc, parent_agency_id
"""
BY_FAMILY = f"select family, {COUNTS} from causes group by family order by causes desc, family"
BY_SLIP = f"""
select likely_slip, slip_zh, {COUNTS} from causes
group by likely_slip, slip_zh, kind_order
order by causes desc, kind_order, likely_slip
"""
REPORTS = """
select
    count(*) as reports,
    count(distinct agency_id) as agencies,
    min(report_year) as first_year,
    max(report_year) as last_year,
    max(landed_on) as landed_on
from marts.dim_report
where is_current
"""


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
    """The causes in the order of the workbook, and the counts of its first sheet."""

    causes: list[Cause]
    reports: Record
    totals: Record
    by_parent: list[Record]
    by_family: list[Record]
    by_slip: list[Record]


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
        connection.execute(CAUSES.read_text(encoding="utf-8"), asked)
        return Worklist(
            causes=_causes(connection),
            reports=query(connection, REPORTS)[0],
            totals=query(connection, TOTALS)[0],
            by_parent=query(connection, BY_PARENT),
            by_family=query(connection, BY_FAMILY),
            by_slip=query(connection, BY_SLIP),
        )


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
