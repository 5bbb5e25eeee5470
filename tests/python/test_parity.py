"""dbt and Great Expectations compute the same verdict for every check, each in its own way.

Over the real reports, and over a landing folder of synthetic reports with planted faults and of
reports made by hand.
"""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

import hand_made
from gouji.audit.identities import checks_sql
from gouji.audit.suites import RULE_SUITES
from gouji.audit.tables import compare, read_tables
from gouji.identities import identities_of_warehouse

SUITES = Path(__file__).parents[2] / "expectations" / "suites"

Disagreement = tuple[str, str, str, str | None, str | None]


def disagreements(database: Path) -> list[Disagreement]:
    """Give the checks that differ in status or, where broken, in a side; both statuses last."""
    checks = "\nunion all\n".join(f"({checks_sql(i)})" for i in identities_of_warehouse(database))
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            f"""
            select
                report_id, identity_id, slice,
                dbt.status as status_of_dbt, audit.status as status_of_audit
            from quality.fct_identity_checks as dbt
            full join ({checks}) as audit using (report_id, identity_id, slice)
            where dbt.status is distinct from audit.status
                or dbt.status = 'broken' and (
                    dbt.lhs is distinct from audit.lhs
                    or dbt.rhs is distinct from audit.rhs
                    or dbt.difference is distinct from audit.difference
                )
            order by all
            """
        ).fetchall()


@pytest.fixture
def landed_copy(landed: Path, tmp_path: Path) -> Path:
    """A copy of that database, to be spoilt."""
    return Path(shutil.copy(landed, tmp_path / "gouji.duckdb"))


def test_all_verdicts_agree(warehouse: Path) -> None:
    assert disagreements(warehouse) == []


def test_all_verdicts_agree_over_planted_faults(landed: Path) -> None:
    assert disagreements(landed) == []


def test_no_rule_of_the_audit_blocks_what_was_landed(landed: Path) -> None:
    """Raw tables out of a landing folder are as good as seeds."""
    with duckdb.connect(str(landed), read_only=True) as connection:
        failing = [
            rule["rule_id"]
            for suite in RULE_SUITES
            for rule in yaml.safe_load((SUITES / f"{suite}.yml").read_text(encoding="utf-8"))[
                "rules"
            ]
            if rule["severity"] == "critical" and connection.execute(rule["sql"]).fetchall()
        ]
        failing += [
            table.name
            for table in read_tables(SUITES.parent, datetime.now().astimezone().date())
            if not compare(connection, table).passed
        ]
    assert failing == []


def test_landed_tables_do_not_go_on_from_seeds(warehouse: Path, landed: Path) -> None:
    """Of the same project: a seed's raw table may have columns that a landed one has not."""
    codes = []
    for database in (warehouse, landed):
        with duckdb.connect(str(database), read_only=True) as connection:
            codes += connection.sql("select distinct code from batch.build_state").fetchall()
    assert len(set(codes)) == len(codes) == 2


def test_the_planted_faults_are_of_every_family(landed: Path) -> None:
    """Agreement says little of a family that is never broken, or never holds."""
    with duckdb.connect(str(landed), read_only=True) as connection:
        one_sided = connection.execute(
            """
            select basis, identities.form_table
            from reference.identities
            left join quality.fct_identity_checks using (identity_id)
            group by all
            having not (
                coalesce(bool_or(status = 'holds'), false)
                and coalesce(bool_or(status = 'broken'), false)
                and coalesce(bool_or(status = 'not_assessable'), false)
            )
            """
        ).fetchall()
    assert one_sided == []


def test_the_reports_made_by_hand_are_judged_as_by_hand(landed: Path) -> None:
    expected = hand_made.verdicts()
    with duckdb.connect(str(landed), read_only=True) as connection:
        judged = {
            (report, identity, of): status
            for report, identity, of, status in connection.execute(
                "select report_id, identity_id, slice, status from quality.fct_identity_checks"
                " where report_id like '999999-%'"
            ).fetchall()
        }
    assert {check: judged.get(check) for check in expected} == expected


def test_why_a_report_made_by_hand_was_not_judged(landed: Path) -> None:
    with duckdb.connect(str(landed), read_only=True) as connection:
        found = connection.execute(
            "select report_id, identity_id, slice, reason from quality.fct_identity_checks"
            " where report_id like '999999-%-2024'"
        ).fetchall()
        of_totals = connection.execute(
            "select line_code from quality.sanity_findings where report_id ="
            " '999999-undistributed-2024' and sanity_check_id = 'undistributed_total' order by all"
        ).fetchall()
    reasons = {
        (report.removeprefix("999999-").removesuffix("-2024"), identity, of): reason
        for report, identity, of, reason in found
    }
    assert {check: reasons.get(check) for check in hand_made.REASONS} == hand_made.REASONS
    assert of_totals == [("new_requests",), ("review",)]


# What may be changed once dbt has run: in the reference tables or under the cells that the audit
# reads, and in which identity it must then differ from dbt.
CHANGES = {
    "a coefficient": (
        "update reference.identity_terms set coefficient = 2 * coefficient"
        " where identity_id = '{identity}' and side = 'right'"
    ),
    "a term less": (
        "delete from reference.identity_terms where identity_id = '{identity}' and term_order = 2"
    ),
    "a verdict": (
        "update quality.fct_identity_checks set status = 'holds'"
        " where identity_id = '{identity}' and status = 'broken'"
    ),
    "a side": (
        "update quality.fct_identity_checks set lhs = lhs + 1, rhs = rhs + 1"
        " where identity_id = '{identity}' and status = 'broken'"
    ),
    "a check less": (
        "delete from quality.fct_identity_checks"
        " where identity_id = '{identity}' and status <> 'not_assessable'"
    ),
}
IDENTITIES = (
    "requests.balance",
    "requests.outcomes",
    "requests.applicants",
    "review.total",
    "requests.carry_over",
    "documents.stock",
    "items.stock",
    "rollup.requests.total",
    "rollup.reviews.upheld",
    "narrative.normative_made",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_side_made_wrong_is_seen_in_every_family(landed_copy: Path, change: str) -> None:
    with duckdb.connect(str(landed_copy)) as connection:
        for identity in IDENTITIES:
            connection.execute(CHANGES[change].format(identity=identity))
    assert {found[1] for found in disagreements(landed_copy)} == set(IDENTITIES)


# A fact changed once dbt has run, and a check that the audit then judges otherwise.
FACTS = {
    "a set of members that is not complete": (
        "update staging.stg_rollup_members set is_complete = false",
        ("999999-city-2024", "rollup.requests.total", "granted", "holds", "not_assessable"),
    ),
    "a body with no predecessor": (
        "delete from staging.stg_agency_successions",
        ("999999-heir-2023", "requests.carry_over", "total", "holds", "not_assessable"),
    ),
    "a report that is not consolidated": (
        "update intermediate.int_reports set is_consolidated = false",
        ("999999-city-2024", "rollup.requests.total", "granted", "holds", None),
    ),
    "a report in the other layout": (
        (
            "update intermediate.int_reports set layout = '2019'"
            " where report_id = '999999-stock-2021'"
        ),
        ("999999-stock-2022", "documents.stock", "regulation", "holds", "not_assessable"),
    ),
    "a cell that another edition prints": (
        (
            "update intermediate.int_request_rows set total = 1"
            " where report_id = '999999-restated-2022-r2' and line_code = 'carried_out'"
        ),
        ("999999-restated-2023", "requests.carry_over", "total", "holds", "broken"),
    ),
    "a measure that is not signed": (
        "update reference.measures set kind = 'count'",
        ("999999-items-2020", "items.stock", "coercion", "not_assessable", "broken"),
    ),
    "a figure that is not contradictory": (
        "update intermediate.int_narrative_figures set value = 0, value_status = 'reported'",
        ("999999-teller-2024", "narrative.reviews", "all", "not_assessable", "holds"),
    ),
}


@pytest.mark.parametrize(("change", "check"), FACTS.values(), ids=FACTS)
def test_a_fact_made_wrong_is_seen(landed_copy: Path, change: str, check: Disagreement) -> None:
    with duckdb.connect(str(landed_copy)) as connection:
        connection.execute(change)
    assert check in disagreements(landed_copy)


def test_a_cell_altered_under_the_audit_is_seen(warehouse_copy: Path) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        report = connection.execute(
            "select report_id from quality.fct_identity_checks"
            " where identity_id in ('requests.applicants', 'requests.outcomes')"
            " group by report_id having bool_and(status = 'holds') order by all limit 1"
        ).fetchone()
        assert report is not None
        connection.execute(
            "update intermediate.int_request_rows set natural_person = natural_person + 1"
            " where report_id = ? and line_code = 'granted'",
            report,
        )
    assert [found[1:] for found in disagreements(warehouse_copy)] == [
        ("requests.applicants", "granted", "holds", "broken"),
        ("requests.outcomes", "natural_person", "holds", "broken"),
    ]
