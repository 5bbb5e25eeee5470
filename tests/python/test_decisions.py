"""What stewards write is held to what it says: corrections and members, by dbt's own tests.

The tests' SQL, as the build compiled it, is asked over a copy of the warehouse in which a decision
stands.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from gouji.paths import Warehouse

REPORT = "320813-zhengfu-2023"
CELL = f"'{REPORT}' as report_id, 'reviews' as form_table, 'review' as line_code"
CORRECTIONS = "corrections_mend_and_break_nothing_unasked"
MEMBERS = "members_are_of_consolidated_bodies"
LETTERS = "correspondence_names_a_check"


@dataclass(frozen=True)
class Decisions:
    """A copy to be changed and changed back, and the SQL of dbt's tests."""

    connection: duckdb.DuckDBPyConnection
    compiled: dict[str, str]

    def problems(self, test: str, *changes: str) -> list[str]:
        """What a test says is wrong after some changes."""
        self.connection.execute("begin")
        try:
            for change in changes:
                self.connection.execute(change)
            found = self.connection.sql(self.compiled[test])
            place = found.columns.index("problem")
            return [row[place] for row in found.fetchall()]
        finally:
            self.connection.execute("rollback")


@pytest.fixture(scope="module")
def decisions(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decisions]:
    manifest = Warehouse(warehouse.parent).artifacts.manifest
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    compiled = {
        node["name"]: node["compiled_code"]
        for node in nodes
        if node["name"] in (CORRECTIONS, MEMBERS, LETTERS)
    }
    copy = tmp_path_factory.mktemp("decisions") / "gouji.duckdb"
    copy.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        yield Decisions(connection, compiled)


def corrected(column: str, on_purpose: bool = False) -> str:
    return (
        f"insert into intermediate.int_corrections by name select {CELL},"
        f" '{REPORT}' as named_report_id, '{column}' as column_code, '0' as printed,"
        f" '11' as corrected, {on_purpose} as on_purpose"
    )


def judged(reported: str, corrected_status: str) -> str:
    return (
        f"insert into quality.corrected_checks by name select '{REPORT}' as report_id,"
        f" 'review.total' as identity_id, 'all' as slice, '{reported}' as reported_status,"
        f" '{corrected_status}' as status,"
        f" {reported == 'broken' and corrected_status == 'holds'} as is_mended,"
        f" {reported != 'broken' and corrected_status == 'broken'} as is_newly_broken"
    )


@pytest.mark.parametrize(
    ("reported", "status", "problems"),
    [
        ("broken", "holds", []),
        ("broken", "broken", ["mends no broken check"]),
        ("holds", "holds", ["mends no broken check"]),
        ("holds", "broken", [f"breaks {REPORT} review.total all"]),
        ("holds_if_blank_is_zero", "broken", [f"breaks {REPORT} review.total all"]),
    ],
)
def test_a_correction_mends_and_breaks_nothing_unasked(
    decisions: Decisions, reported: str, status: str, problems: list[str]
) -> None:
    changes = corrected("total"), judged(reported, status)
    assert decisions.problems(CORRECTIONS, *changes) == problems
    on_purpose = corrected("total", on_purpose=True), judged(reported, status)
    assert decisions.problems(CORRECTIONS, *on_purpose) == []


# A cell and a check that another correction mends; and what decides whether the check reads the
# cell, with whether it then does.
READINGS = {
    "a subtotal is added to nothing": (
        ("requests", "other_processing", "total", REPORT, "requests.outcomes", "total"),
        f"int_request_rows set is_subtotal = true where report_id = '{REPORT}'",
        False,
    ),
    "table 二 has other cells in the other layout": (
        (
            *("disclosures", "normative_document", "in_force"),
            *("320813-zhengfu-2024", "documents.stock", "normative_document"),
        ),
        f"int_check_sources set is_in_other_layout = true where source_report_id = '{REPORT}'",
        False,
    ),
    "a total that is blank is read in its parts": (
        (
            *("requests", "new_requests", "natural_person"),
            *(REPORT, "narrative.requests_received", "all"),
        ),
        f"int_request_rows set is_without_total = true where report_id = '{REPORT}'",
        True,
    ),
}


@pytest.mark.parametrize("why", READINGS)
def test_a_correction_mends_no_check_that_does_not_read_its_cell(
    decisions: Decisions, why: str
) -> None:
    (form_table, line, column, checked, identity, slice_), change, is_read = READINGS[why]
    correction = (
        "insert into intermediate.int_corrections by name select"
        f" '{REPORT}' as report_id, '{REPORT}' as named_report_id, '{form_table}' as form_table,"
        f" '{line}' as line_code, '{column}' as column_code, false as on_purpose"
    )
    mended = (
        f"insert into quality.corrected_checks by name select '{checked}' as report_id,"
        f" '{identity}' as identity_id, '{slice_}' as slice, 'broken' as reported_status,"
        " 'holds' as status, true as is_mended, false as is_newly_broken"
    )
    said = {True: [], False: ["mends no broken check"]}
    assert decisions.problems(CORRECTIONS, correction, mended) == said[not is_read]
    changed = f"update intermediate.{change}"
    assert decisions.problems(CORRECTIONS, correction, mended, changed) == said[is_read]


@pytest.mark.parametrize(
    ("body", "member", "problem"),
    [
        ("a.agency_id", "a.agency_id", "a body is its own member"),
        ("b.agency_id", "a.agency_id", "the body is not consolidated, see the agencies seed"),
        ("'nobody'", "a.agency_id", "the body is not known"),
    ],
)
def test_members_are_others_and_of_consolidated_bodies(
    decisions: Decisions, body: str, member: str, problem: str
) -> None:
    assert decisions.problems(MEMBERS) == []
    change = (
        "insert into staging.stg_rollup_members by name"
        f" select {body} as agency_id, {member} as member_agency_id, 2024 as report_year"
        " from staging.stg_agencies as a, staging.stg_agencies as b"
        " where a.is_consolidated and not b.is_consolidated limit 1"
    )
    assert decisions.problems(MEMBERS, change) == [problem]


@pytest.mark.parametrize(
    ("identity", "problems"), [("review.total", []), ("review.totl", ["names no check"])]
)
def test_a_letter_names_a_check_whatever_its_numbers_were(
    decisions: Decisions, identity: str, problems: list[str]
) -> None:
    letter = (
        f"insert into intermediate.int_correspondence by name select '{REPORT}' as report_id,"
        f" '{identity}' as identity_id, 'all' as slice, 99 as observed_lhs, 1 as observed_rhs,"
        " 'asked' as event, date '2026-02-01' as happened_on"
    )
    assert decisions.problems(LETTERS, letter) == problems
