"""dbt and Great Expectations compute the same verdict for every check, each in its own way."""

from pathlib import Path

import duckdb
import pytest

from gouji.audit.identities import checks_sql, read_identities

Disagreement = tuple[str, str, str, str | None, str | None]


def disagreements(database: Path) -> list[Disagreement]:
    """Give the checks that differ in status or, where broken, in a side; both statuses last."""
    checks = "\nunion all\n".join(f"({checks_sql(i)})" for i in read_identities(database))
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            f"""
            select
                report_id, identity_id, slice,
                dbt.status as status_of_dbt, audit.status as status_of_audit
            from quality.fct_identity_checks as dbt
            full join ({checks}) as audit using (report_id, identity_id, slice)
            where dbt.status is distinct from audit.status
                or (dbt.status = 'broken' and dbt.difference <> audit.difference)
                or (dbt.status = 'broken' and (dbt.lhs <> audit.lhs or dbt.rhs <> audit.rhs))
            order by all
            """
        ).fetchall()


def test_all_verdicts_agree(warehouse: Path) -> None:
    assert disagreements(warehouse) == []


@pytest.mark.parametrize(
    "change",
    [
        "update quality.fct_identity_checks set status = 'holds'",
        "update quality.fct_identity_checks set rhs = rhs + 1, difference = difference - 1",
        "delete from quality.fct_identity_checks",
    ],
)
def test_a_verdict_altered_in_dbt_is_seen(warehouse_copy: Path, change: str) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        check = connection.execute(
            "select report_id, identity_id, slice from quality.fct_identity_checks"
            " where status = 'broken' order by all limit 1"
        ).fetchone()
        assert check is not None
        connection.execute(f"{change} where (report_id, identity_id, slice) = (?, ?, ?)", check)
    assert [found[:3] for found in disagreements(warehouse_copy)] == [check]


def test_a_cell_altered_under_the_audit_is_seen(warehouse_copy: Path) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        report = connection.execute(
            "select report_id from quality.fct_identity_checks"
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
