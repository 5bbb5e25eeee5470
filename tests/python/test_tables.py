"""No table of the published file can be wrong without the gate seeing it.

Each corruption is planted in one copy of the real warehouse and taken back. The comparison of the
table that was touched is asked first, since it mostly sees it; if it does not, all are.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from gouji.audit.checks import compare_checks, differing_identities
from gouji.audit.identities import audited_checks_sql
from gouji.audit.tables import Table, compare, differing_parts, read_tables
from gouji.audit.verdicts import Audit, gate
from gouji.errors import DataFailed, WrongCall
from gouji.identities import Identity, identities_of_warehouse

EXPECTATIONS = Path(__file__).parents[2] / "expectations"
TODAY = datetime.now().astimezone().date()
TABLES = read_tables(EXPECTATIONS, TODAY)

REQUESTS, REVIEWS, ITEMS = (
    "marts.fct_requests",
    "marts.fct_review_litigation",
    "marts.fct_published_items",
)
AGENCY, REGION, SECTOR = "marts.agency_year", "marts.region_year", "marts.sector_year"
CHECKS, CORRECTED, ISSUES, SUSPECTS = (
    "quality.fct_identity_checks",
    "quality.corrected_checks",
    "quality.issues",
    "quality.suspect_cells",
)
FINDINGS = "quality.sanity_findings"
HISTORY, STATES = "quality.cause_history", "quality.cause_states"
ROWS = "intermediate.int_request_rows"
NUMBERS = "intermediate.int_printed_numbers"

BUSIEST = f"(select report_id from {AGENCY} order by new_requests desc nulls last limit 1)"
OTHER = f"(select report_id from {AGENCY} order by new_requests desc nulls last limit 1 offset 1)"
OF_ONE = f"report_id = {BUSIEST}"


def moved(table: str, columns: tuple[str, ...], where: str) -> str:
    """Move a number from `granted` to `partially_granted`, so that every sum of a column stays."""
    by = "case line_code when 'granted' then -1 else 1 end"
    changes = ", ".join(f"{column} = {column} + {by}" for column in columns)
    return (
        f"update {table} set {changes} where {OF_ONE} and {where}"
        " and line_code in ('granted', 'partially_granted')"
    )


def exchanged(table: str) -> str:
    """Give the rows of two reports each other's report_id."""
    return (
        f"update {table} set report_id = case report_id when {BUSIEST} then {OTHER} else {BUSIEST}"
        f" end where report_id in ({BUSIEST}, {OTHER})"
    )


def doubled(table: str, where: str = "true") -> str:
    return f"insert into {table} select * from {table} where {where}"


NATURAL = "applicant_type = 'natural_person'"
ONE_BREAK = f"rowid = (select min(rowid) from {CHECKS} where status = 'broken')"
ONE_HELD = f"rowid = (select max(rowid) from {CHECKS} where status = 'holds')"

# What somebody, or a fault in a model, could do to the published file.
CORRUPTIONS = {
    # verdicts
    "all verdicts hold": f"update {CHECKS} set status = 'holds'",
    "broken verdicts hold, sides made equal": (
        f"update {CHECKS} set status = 'holds', rhs = lhs, difference = 0 where status = 'broken'"
    ),
    "one broken verdict holds": f"update {CHECKS} set status = 'holds' where {ONE_BREAK}",
    "one verdict that holds is broken": f"update {CHECKS} set status = 'broken' where {ONE_HELD}",
    "broken verdicts are not assessable": (
        f"update {CHECKS} set status = 'not_assessable', reason = 'absent: total'"
        " where status = 'broken'"
    ),
    "what holds holds if blank is zero": (
        f"update {CHECKS} set status = 'holds_if_blank_is_zero' where {ONE_HELD}"
    ),
    "a verdict of no known word": f"update {CHECKS} set status = 'open' where {ONE_HELD}",
    "both sides raised by one": f"update {CHECKS} set lhs = lhs + 1, rhs = rhs + 1",
    "sides exchanged": f"update {CHECKS} set lhs = rhs, rhs = lhs, difference = -difference",
    "a difference of its own": f"update {CHECKS} set difference = difference + 1 where {ONE_BREAK}",
    "no check of an identity": f"delete from {CHECKS} where identity_id = 'requests.balance'",
    "no check of a report": f"delete from {CHECKS} where {OF_ONE}",
    "no check at all": f"delete from {CHECKS}",
    "checks of one identity twice": doubled(CHECKS, "identity_id = 'review.total'"),
    "a check of an identity that there is not": (
        f"update {CHECKS} set identity_id = 'requests.sum' where {ONE_HELD}"
    ),
    "a check of another slice": (
        f"update {CHECKS} set slice = if(slice = 'all', 'total', 'all') where {ONE_HELD}"
    ),
    "reasons taken away": f"update {CHECKS} set reason = null where status <> 'not_assessable'",
    "a reason of another": f"update {CHECKS} set reason = 'blank: total' where {ONE_HELD}",
    "a lack of members' lines where no member is asked": (
        f"update {CHECKS} set reason = 'members: a line is missing'"
        " where status = 'not_assessable' and reason like 'unreadable: %'"
    ),
    "a lack of members' lines where all members are missing": (
        f"update {CHECKS} set reason = 'members: a line is missing'"
        " where reason = 'members: no complete set of reports'"
    ),
    "acknowledged without a ledger": (
        f"update {CHECKS} set is_acknowledged = true where status = 'broken'"
    ),
    "one acknowledged without a ledger": (
        f"update {CHECKS} set is_acknowledged = true where {ONE_BREAK}"
    ),
    "an issue acknowledged alone": f"update {ISSUES} set is_acknowledged = true where rowid = 0",
    "checks of another year": f"update {CHECKS} set report_year = report_year + 1 where {OF_ONE}",
    "checks of another body": f"update {CHECKS} set agency_id = '{{other}}' where {OF_ONE}",
    # issues and their explanations
    "no issues": f"delete from {ISSUES}",
    "one issue less": f"delete from {ISSUES} where rowid = 0",
    "issues twice": doubled(ISSUES),
    "no suspect cells": f"delete from {SUSPECTS}",
    "one suspect cell less": f"delete from {SUSPECTS} where rowid = 0",
    "suspect cells twice": doubled(SUSPECTS),
    "neither issues nor suspect cells": f"delete from {ISSUES}; delete from {SUSPECTS}",
    "other implied values": f"update {SUSPECTS} set implied_value = implied_value + 1",
    "ranks turned round": f"update {SUSPECTS} set rank = 10 - rank",
    "another kind of slip": f"update {SUSPECTS} set kind = 'off_by_one' where kind <> 'off_by_one'",
    "causes in one": f"update {ISSUES} set root_cause_id = 'one'",
    "causes dealt with by nobody": f"update {STATES} set state = 'corrected', checks_open = 0",
    "a cause of no state": f"delete from {STATES} where rowid = 0",
    "a letter that nobody sent": (
        f"insert into {HISTORY} select root_cause_id, 'asked', current_date, 'a', 'b', 1"
        f" from {ISSUES} where rowid = 0"
    ),
    "figures affected by none": f"update {ISSUES} set figures_affected = null",
    "broken cells left out": "delete from quality.broken_cells where form_table = 'requests'",
    "every cell consistent": f"update {REQUESTS} set is_consistent = true",
    "no cell consistent": f"update {REVIEWS} set is_consistent = false",
    "every cell consistent as corrected": f"update {REQUESTS} set value_is_consistent = true",
    "no cell consistent as corrected": f"update {ITEMS} set value_is_consistent = false",
    "breaks of corrected numbers taken away": (
        "update quality.broken_cells set broken_checks_on_values = 0"
    ),
    "no cell in doubt": f"update {REQUESTS} set is_doubtful = false",
    "every cell in doubt": f"update {REVIEWS} set is_doubtful = true",
    "inconsistent cells in doubt": f"update {ITEMS} set is_doubtful = not is_consistent",
    "no doubtful cells": "delete from quality.doubtful_cells",
    "cells of second explanations in doubt": (
        "insert into quality.doubtful_cells select distinct report_id, form_table, line_code,"
        f" column_code from {SUSPECTS} where rank > 1"
    ),
    # readings
    "no reading": f"delete from {NUMBERS}",
    "a reading lost": f"delete from {NUMBERS} where printed = '0'",
    "a reading in words lost": (
        f"delete from {NUMBERS} where printed in (select min(printed) from {NUMBERS}"
        " where not regexp_full_match(printed, '[0-9]*'))"
    ),
    "a reading twice": doubled(NUMBERS, "printed = '0'"),
    "plain digits read as another number": (
        f"update {NUMBERS} set count_value = 1 where printed = '2'"
    ),
    # facts
    "a number between two lines of one column": moved(
        REQUESTS, ("value", "reported_value"), NATURAL
    ),
    "the same in the rows beneath": (
        moved(ROWS, ("natural_person",), "true")
        + ";"
        + moved(REQUESTS, ("value", "reported_value"), NATURAL)
    ),
    "a number between two applicants": (
        f"update {REQUESTS} set value = value + case applicant_type when 'natural_person' then 1"
        " else -1 end where line_code = 'new_requests'"
        f" and applicant_type in ('natural_person', 'other_organization') and {OF_ONE}"
    ),
    "one request more": (
        f"update {REQUESTS} set value = value + 1, reported_value = reported_value + 1"
        f" where {OF_ONE} and line_code = 'new_requests' and {NATURAL}"
    ),
    "a value without a correction": (
        f"update {REQUESTS} set value = value + 1"
        f" where {OF_ONE} and line_code = 'granted' and {NATURAL}"
    ),
    "requests of the wrong year": f"update {REQUESTS} set report_year = report_year - 1",
    "requests of one report in another year": (
        f"update {REQUESTS} set report_year = report_year + 1 where {OF_ONE}"
    ),
    "requests of the wrong body": f"update {REQUESTS} set agency_id = '{{other}}' where {OF_ONE}",
    "two reports' requests exchanged": exchanged(REQUESTS),
    "two reports' reviews exchanged": exchanged(REVIEWS),
    "two reports' items exchanged": exchanged(ITEMS),
    "a leaf under another stage": (
        f"update {REQUESTS} set stage = 'received' where line_code = 'carried_in'"
    ),
    "an outcome in another group": (
        f"update {REQUESTS} set outcome_group = 'granted' where line_code like 'denied%'"
    ),
    "a status of its own": f"update {REQUESTS} set value_status = 'blank' where rowid = 7",
    "blanks made zeros": (
        f"update {REQUESTS} set value = 0, reported_value = 0, value_status = 'reported'"
        " where value_status = 'blank'"
    ),
    "zeros made blanks": (
        f"update {REQUESTS} set value = null, reported_value = null, value_status = 'blank'"
        f" where value = 0 and {OF_ONE}"
    ),
    "requests of a report left out": f"delete from {REQUESTS} where {OF_ONE}",
    "a line of all reports left out": f"delete from {REQUESTS} where line_code = 'carried_out'",
    "requests twice": doubled(REQUESTS, OF_ONE),
    "a printed total among the leaves": (
        f"update {REQUESTS} set applicant_type = 'total' where {OF_ONE} and {NATURAL}"
    ),
    "consolidated turned round": f"update {REQUESTS} set is_consolidated = not is_consolidated",
    "amounts times 10,000": (
        f"update {ITEMS} set value = 10000 * value, reported_value = 10000 * reported_value"
        " where measure_code = 'amount'"
    ),
    "one amount in another unit": (
        f"update {ITEMS} set value = value / 10000, reported_value = reported_value / 10000"
        f" where rowid = (select min(rowid) from {ITEMS}"
        " where measure_code = 'amount' and value > 0)"
    ),
    "a printed unit of its own": f"update {ITEMS} set printed_unit = '元'",
    "a remark left out": f"update {ITEMS} set remark = 'none'",
    "items under another line": f"update {ITEMS} set line_code = 'fee' where line_code = 'permit'",
    "results exchanged": (
        f"update {REVIEWS} set result = case result when 'upheld' then 'corrected' else 'upheld'"
        " end where result in ('upheld', 'corrected')"
    ),
    "a lawsuit more": (
        f"update {REVIEWS} set value = coalesce(value, 0) + 1,"
        " reported_value = coalesce(reported_value, 0) + 1"
        f" where {OF_ONE} and channel = 'litigation_direct' and result = 'upheld'"
    ),
    # summaries
    "agency_year twice": doubled(AGENCY),
    "agency_year of a report left out": f"delete from {AGENCY} where {OF_ONE}",
    "agency_year with other requests": f"update {AGENCY} set new_requests = new_requests + 1",
    "agency_year with other lawsuits": f"update {AGENCY} set lawsuits_lost = 0",
    "agency_year with a rate of its own": f"update {AGENCY} set granted_rate = granted_rate / 2",
    "agency_year with another denominator": (
        f"update {AGENCY} set denied_rate_denominator = denied_rate_denominator + 1"
    ),
    "agency_year with all cells reported": f"update {AGENCY} set granted_not_reported = 0",
    "agency_year with no broken check": f"update {AGENCY} set checks_broken = 0",
    "agency_year in another region": f"update {AGENCY} set region_code = '110000' where {OF_ONE}",
    "agency_year of two bodies exchanged": exchanged(AGENCY),
    "fees times 10,000": f"update {AGENCY} set fee_yuan = 10000 * fee_yuan",
    "region_year with members beside their whole": (
        "update marts.bridge_report_region set times_counted = 1"
    ),
    "region_year with a report more": f"update {REGION} set reports_used = reports_used + 1",
    "region_year with other sums": f"update {REGION} set processed = processed + 1",
    "region_year on another basis": f"update {REGION} set basis = 'mixed'",
    "region_year of another region": f"update {REGION} set region_code = '110000' where rowid = 0",
    "region_year left out": f"delete from {REGION} where rowid = 0",
    "sector_year twice": doubled(SECTOR),
    "sector_year with other sums": f"update {SECTOR} set carried_out = carried_out + 1",
    "requests_year with other sums": (
        "update marts.requests_year set value = value + 1 where line_code = 'new_requests'"
    ),
    "requests_year with other counts": (
        "update marts.requests_year set cells_reported = cells_reported + 1"
    ),
    "a late report on time": (
        "update marts.report_calendar set state = 'on_time', days_late = null where state = 'late'"
    ),
    "a day less late": "update marts.report_calendar set days_late = days_late - 1",
    "nobody missing": "delete from marts.report_calendar where state = 'not_landed'",
    "every report due a day later": "update marts.report_calendar set due_on = due_on + 1",
    "an undated report dated": (
        "update marts.report_calendar set published_on = due_on where state = 'undated'"
    ),
    "coverage without breaks": "update quality.identity_coverage set broken = 0",
    "coverage of an identity left out": (
        "delete from quality.identity_coverage where identity_id = 'review.total'"
    ),
    # screens
    "no finding": f"delete from {FINDINGS}",
    "a finding less": f"delete from {FINDINGS} where rowid = 0",
    "a finding of another row": f"update {FINDINGS} set line_code = 'fee' where rowid = 0",
    "a screen that saw nothing": (
        f"insert into {FINDINGS} by name select report_id, 'jump' as sanity_check_id, form_table,"
        f" line_code, column_code from {FINDINGS} where rowid = 0"
    ),
    "first digits of other numbers": (
        "update quality.first_digits set first_1 = first_9, first_9 = first_1"
    ),
    "first digits conspicuous without numbers": (
        "update quality.first_digits set is_conspicuous = true"
    ),
    # who and where
    "a body of the seed left out": "delete from staging.stg_agencies where rowid = 3",
    "a body under another": (
        "update staging.stg_agencies set parent_agency_id = '{other}' where rowid = 3"
    ),
    "a body twice": doubled("staging.stg_agencies", "rowid = 3"),
    "a member left out": "delete from staging.stg_rollup_members where rowid = 3",
    "members complete": "update staging.stg_rollup_members set is_complete = not is_complete",
    "no successions": "delete from staging.stg_agency_successions",
    "a succession of a body that names none": (
        "insert into staging.stg_agency_successions by name select 'a' as predecessor_agency_id,"
        " min(agency_id) as successor_agency_id, 'renamed' as succession_kind"
        " from staging.stg_agencies where predecessor_agency_id is null"
    ),
    "printed cells without remarks": (
        "create or replace view marts.printed_cells as select report_id, form_table, line_code,"
        " column_code, printed, printed_unit, null::varchar as remark"
        " from (select * from intermediate.int_printed_numbers) inner join ("
        " select report_id, 'disclosures' as form_table, line_code, measure_code as column_code,"
        " printed from raw.raw_disclosures) using (printed)"
    ),
    "an earlier edition current": "update marts.dim_report set is_current = false where rowid = 3",
    "a report of another layout": (
        "update marts.dim_report set layout = if(layout = '2019', '2021', '2019') where rowid = 3"
    ),
    # the annexes before 2019
    "an older edition left out": "delete from marts.dim_statistic_report where rowid = 0",
    "a figure of all years made the year's": (
        "update marts.fct_statistics set column_code = 'year' where report_year = 2012"
        " and column_code = 'cumulative' and indicator_code = 'items_published'"
    ),
    "an annex with other figures": "update marts.fct_statistics set value = value + 1",
    "zeros of an annex made blanks": (
        "update marts.fct_statistics set value = null, value_status = 'blank' where value = 0"
    ),
    "a break of an annex that holds": (
        "update quality.fct_statistic_checks set status = 'holds' where status = 'broken'"
    ),
    "a check of an annex left out": "delete from quality.fct_statistic_checks where rowid = 0",
    "a body moved": "update marts.dim_agency set region_code = '110000' where rowid = 3",
    "a body of another line of work": "update marts.dim_agency set sector = 'tax' where rowid = 3",
    "a region renamed": "update marts.dim_region set county = 'none' where rowid = 9999",
    "a line no leaf": "update marts.dim_form_line set is_leaf = not is_leaf",
    "a report less": "delete from marts.dim_report where rowid = 3",
}


def rule(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


@contextmanager
def taken_back(connection: duckdb.DuckDBPyConnection, *changes: str) -> Iterator[None]:
    """Change the copy, and take the changes back in the end."""
    connection.execute("begin")
    try:
        for change in changes:
            connection.execute(change)
        yield
    finally:
        connection.execute("rollback")


@dataclass(frozen=True)
class Gate:
    """The comparisons over one copy, with what Great Expectations finds in it."""

    connection: duckdb.DuckDBPyConnection
    identities: list[Identity]
    audited: dict[str, str]

    def looks(self, touched: str) -> Iterator[bool]:
        """Say of each comparison whether it sees something, beginning with the table touched."""
        if touched == CHECKS:
            yield bool(differing_identities(self.connection, self.audited))
        for table in sorted(TABLES, key=lambda table: table.name != touched):
            yield bool(differing_parts(self.connection, table))
        if touched != CHECKS:
            yield bool(differing_identities(self.connection, self.audited))

    def sees(self, corruption: str, touched: str) -> bool:
        """Say whether a corruption is seen, and take it back."""
        with taken_back(self.connection, corruption):
            return any(self.looks(touched))


@pytest.fixture(scope="module")
def gates(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """The gate over a copy of the real warehouse.

    What Great Expectations finds hangs on the cells alone, so it is asked once: no corruption of
    marts or quality changes it.
    """
    copy = tmp_path_factory.mktemp("corrupted") / "gouji.duckdb"
    copy.write_bytes(warehouse.read_bytes())
    identities = identities_of_warehouse(copy)
    with duckdb.connect(str(copy)) as connection:
        audited = {
            identity.identity_id: connection.execute(audited_checks_sql(identity)).fetchall()[0][1]
            for identity in identities
        }
        yield Gate(connection, identities, audited)


def touched_by(corruption: str) -> str:
    words = corruption.removeprefix("create or replace ").split()
    return words[1] if words[0] in ("update", "view") else words[2]


def test_the_real_warehouse_passes(gates: Gate) -> None:
    verdicts = [
        compare_checks(gates.connection, gates.identities, gates.audited),
        *(compare(gates.connection, table) for table in TABLES),
    ]
    for verdict in verdicts:
        assert verdict.passed, (verdict.rule_id, verdict.exception, verdict.sample[:3])


@pytest.mark.parametrize("corruption", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_a_corruption_is_seen(gates: Gate, corruption: str) -> None:
    corruption = corruption.replace("{other}", "110000-synthetic")
    assert gates.sees(corruption, touched_by(corruption))


# Written after the gate has let a build pass.
WRITTEN_LATER = {
    f"quality.{table}"
    for table in ("run_history", "issue_changes", "value_changes", "audit_results")
}
# The real reports have no corrections, and nobody wrote to a body: rows made by hand follow below.
MAY_BE_EMPTY = {CORRECTED, HISTORY}
COLUMNS_EACH = 5

OTHER_VALUE = {
    "VARCHAR": "coalesce((select max({c}) from {t} where {c} <> old.{c}), old.{c} || 'x', 'x')",
    "BOOLEAN": "not coalesce(old.{c}, false)",
    "DATE": "coalesce(old.{c}, date '2020-01-01') + 1",
}


def random_corruptions(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    """Change a cell of some columns, and drop and double a row, each in a row by chance.

    To a table that may be empty a row is added.
    """
    chance = random.Random(f"{table} 20")
    columns = connection.execute(f"describe {table}").fetchall()
    rows = [row for (row,) in connection.execute(f"select rowid from {table}").fetchall()]
    if not rows:
        assert table in MAY_BE_EMPTY, f"{table} has no rows"
        yield f"insert into {table} by name select 'invented' as {columns[0][0]}"
        return
    for name, kind, *_ in chance.sample(columns, min(COLUMNS_EACH, len(columns))):
        other = OTHER_VALUE.get(kind, "coalesce(old.{c}, 0) + 1").format(c=name, t=table)
        row = chance.choice(rows)
        yield (
            f"update {table} set {name} = {other} from {table} as old"
            f" where {table}.rowid = {row} and old.rowid = {row}"
        )
    yield f"delete from {table} where rowid = {chance.choice(rows)}"
    yield doubled(table, f"rowid = {chance.choice(rows)}")


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name in ('marts', 'quality') order by all"
    ).fetchall()
    return [name for (name,) in found if name not in WRITTEN_LATER]


def test_every_table_has_a_rule(gates: Gate) -> None:
    assert set(tables_of(gates.connection)) <= {table.name for table in TABLES}


def test_a_cell_changed_or_a_row_dropped_or_doubled_anywhere_is_seen(gates: Gate) -> None:
    missed = [
        corruption
        for table in tables_of(gates.connection)
        for corruption in random_corruptions(gates.connection, table)
        if not gates.sees(corruption, table)
    ]
    assert missed == []


# What else was landed of the report, and the date of the text that was there: of an edition read
# from a text, or from a scan.
OF_HONGZE_2023 = "report_id = '320813-zhengfu-2023'"
FURTHER_EDITIONS = {
    "an undated text beside a dated scan": ("", "2024-03-05", "ocr", False),
    "a scan of the same day": ("2024-01-20", "2024-01-20", "ocr", False),
    "a later scan": ("2024-01-20", "2024-03-05", "ocr", True),
    "an undated scan": ("", "", "ocr", False),
    "an undated text beside a dated text": ("", "2024-03-05", "native", True),
    "a text of the same day": ("2024-01-20", "2024-01-20", "native", True),
}


@pytest.mark.parametrize("edition", FURTHER_EDITIONS.values(), ids=FURTHER_EDITIONS)
def test_the_gate_knows_which_edition_is_current(
    gates: Gate, edition: tuple[str, str, str, bool]
) -> None:
    *days, evidence, is_current = edition
    landed = (
        (
            "insert into raw.raw_reports by name select * replace ('further' as report_id,"
            f" '2' as revision) from raw.raw_reports where {OF_HONGZE_2023}"
        ),
        f"insert into stewardship.report_evidence values ('further', '{evidence}')",
        *(
            f"update raw.raw_reports set published_on = nullif('{day}', '') where {which}"
            for day, which in zip(days, (OF_HONGZE_2023, "report_id = 'further'"), strict=True)
        ),
    )
    further = f"update intermediate.int_reports set report_id = 'further' where {OF_HONGZE_2023}"
    for says_current, change in ((False, ()), (True, (further,))):
        with taken_back(gates.connection, *landed, *change):
            verdict = compare(gates.connection, rule("intermediate.int_reports"))
        assert verdict.exception is None
        assert verdict.passed == (says_current == is_current)


# Table 四 of one report says 15 where its parts add up to 19, that of another 0 where they make 11.
CORRECTED_CELLS = (
    "insert into intermediate.int_corrected_cells values"
    " ('350128-shehui-2024', 'reviews', 'litigation_after_review', 'total', '15', 19),"
    " ('320813-zhengfu-2023', 'reviews', 'review', 'total', '0', 10)"
)
CORRECTED_CHECKS = (
    f"insert into {CORRECTED} by name"
    " select '350128-shehui-2024' as report_id, 'litigation_after_review.total' as identity_id,"
    " 'all' as slice, 19 as lhs, 19 as rhs, 'holds' as status,"
    " 15 as reported_lhs, 19 as reported_rhs, 'broken' as reported_status,"
    " true as is_mended, false as is_newly_broken"
    " union all select '320813-zhengfu-2023', 'review.total', 'all', 10, 11, 'broken',"
    " 0, 11, 'broken', false, false"
    " union all select '320813-zhengfu-2023', 'rollup.reviews.total', 'review', 10, null,"
    " 'not_assessable', 0, null, 'not_assessable', false, false"
)
OF_CORRECTED = f"update {CORRECTED} set"
ON_SHEHUI = "where report_id = '350128-shehui-2024'"
WRONG_CORRECTED_CHECKS = {
    "none": f"delete from {CORRECTED}",
    "one less": f"delete from {CORRECTED} {ON_SHEHUI}",
    "twice": doubled(CORRECTED),
    "of a check that no correction touches": (
        f"insert into {CORRECTED} by name select report_id, identity_id, slice, lhs, rhs, status,"
        " lhs as reported_lhs, rhs as reported_rhs, status as reported_status,"
        f" false as is_mended, false as is_newly_broken from {CHECKS} where {ONE_HELD}"
    ),
    "as reported": (
        f"{OF_CORRECTED} lhs = reported_lhs, status = reported_status, is_mended = false"
    ),
    "both sides of its own": f"{OF_CORRECTED} lhs = 3, rhs = 3",
    "a side that is not printed": f"{OF_CORRECTED} rhs = 0 where rhs is null",
    "a break that holds": f"{OF_CORRECTED} rhs = lhs, status = 'holds' where status = 'broken'",
    "a blank where there is none": f"{OF_CORRECTED} status = 'holds_if_blank_is_zero' {ON_SHEHUI}",
    "not assessable": f"{OF_CORRECTED} status = 'not_assessable', is_mended = false {ON_SHEHUI}",
    "assessable": f"{OF_CORRECTED} status = 'broken' where status = 'not_assessable'",
    "not mended": f"{OF_CORRECTED} is_mended = false",
    "newly broken": f"{OF_CORRECTED} is_newly_broken = true",
    "another reported": f"{OF_CORRECTED} reported_rhs = reported_rhs + 1",
}


def test_corrected_checks_made_by_hand_pass(gates: Gate) -> None:
    with taken_back(gates.connection, CORRECTED_CELLS, CORRECTED_CHECKS):
        verdict = compare(gates.connection, rule(CORRECTED))
    assert verdict.passed, (verdict.exception, verdict.sample)


@pytest.mark.parametrize("change", WRONG_CORRECTED_CHECKS.values(), ids=WRONG_CORRECTED_CHECKS)
def test_a_wrong_corrected_check_is_seen(gates: Gate, change: str) -> None:
    with taken_back(gates.connection, CORRECTED_CELLS, CORRECTED_CHECKS, change):
        assert differing_parts(gates.connection, rule(CORRECTED))


def test_a_total_that_a_correction_alone_breaks_puts_no_outcome_in_doubt(gates: Gate) -> None:
    broken_when_corrected = (
        "insert into quality.broken_cells by name select report_id, 'requests' as form_table,"
        " 'total_processed' as line_code, 'natural_person' as column_code, 0 as broken_checks,"
        " 1 as broken_checks_on_values from quality.fct_identity_checks group by report_id"
        " having bool_and(status = 'holds') filter (identity_id = 'requests.outcomes') and"
        " not bool_or(status = 'broken') order by all limit 1"
    )
    with taken_back(gates.connection, broken_when_corrected):
        assert compare(gates.connection, rule("quality.check_cells")).passed


# Somebody wrote about one cause and was answered, about another as it was, and mended a third.
def letter(cause: str, event: str, day: str, rhs: str = "rhs") -> str:
    return (
        "insert into stewardship.correspondence by name select report_id, identity_id, slice,"
        f" lhs as observed_lhs, {rhs} as observed_rhs, '{event}' as event, date '{day}' as"
        f" happened_on, 'a letter' as note, 'me' as entered_by from {ISSUES} where {cause}"
    )


def happened(cause: str, event: str, day: str, note: str) -> str:
    return (
        f"insert into {HISTORY} select root_cause_id, '{event}', date '{day}', '{note}', 'me',"
        f" count(*) from {ISSUES} where {cause} group by root_cause_id"
    )


OF_NONGYE = "root_cause_id = '350128-nongye-2023 narrative.requests_received all'"
OF_SHEHUI = "report_id = '350128-shehui-2024' and identity_id = 'litigation_after_review.total'"
OF_HONGZE = "report_id = '320813-zhengfu-2023' and identity_id = 'review.total'"
DECIDED = (
    letter(OF_NONGYE, "asked", "2026-02-01"),
    letter(OF_NONGYE, "answered", "2026-02-09"),
    letter(OF_HONGZE, "asked", "2026-02-01", "rhs + 1"),
    CORRECTED_CELLS,
    CORRECTED_CHECKS,
    (
        "insert into stewardship.corrections by name select '350128-shehui-2024' as report_id,"
        " 'reviews' as form_table, 'litigation_after_review' as line_code, 'total' as column_code,"
        " 'seen' as evidence, 'me' as corrected_by, date '2026-03-01' as corrected_on"
    ),
    happened(OF_NONGYE, "asked", "2026-02-01", "a letter"),
    happened(OF_NONGYE, "answered", "2026-02-09", "a letter"),
    happened(OF_SHEHUI, "corrected", "2026-03-01", "seen"),
    (
        f"update {STATES} set state = 'answered', state_since = '2026-02-09',"
        f" asked_on = '2026-02-01', answered_on = '2026-02-09' where {OF_NONGYE}"
    ),
    (
        f"update {STATES} set state = 'corrected', state_since = '2026-03-01',"
        " corrected_on = '2026-03-01', checks_mended = 1, checks_open = 0"
        f" where root_cause_id = (select root_cause_id from {ISSUES} where {OF_SHEHUI})"
    ),
)
WRONG_STATES = {
    "a letter about other numbers counted": happened(OF_HONGZE, "asked", "2026-02-01", "a letter"),
    "a letter forgotten": f"delete from {HISTORY} where event = 'asked'",
    "an answer that nobody gave": f"update {STATES} set state = 'asked' where {OF_NONGYE}",
    "a correction forgotten": f"delete from {HISTORY} where event = 'corrected'",
    "a mended cause still open": f"update {STATES} set checks_open = 1 where state = 'corrected'",
}


def test_states_made_by_hand_pass(gates: Gate) -> None:
    with taken_back(gates.connection, *DECIDED):
        for name in (HISTORY, STATES):
            verdict = compare(gates.connection, rule(name))
            assert verdict.passed, (name, verdict.exception, verdict.sample)


@pytest.mark.parametrize("change", WRONG_STATES.values(), ids=WRONG_STATES)
def test_a_wrong_state_is_seen(gates: Gate, change: str) -> None:
    with taken_back(gates.connection, *DECIDED, change):
        parts = (differing_parts(gates.connection, rule(name)) for name in (HISTORY, STATES))
        assert any(parts)


WHOLE, MEMBER = "350128-guanweihui-2024", "320813-zhengfu-2024"


def test_a_check_of_members_says_so_where_one_has_not_got_the_line(gates: Gate) -> None:
    with taken_back(
        gates.connection,
        f"insert into intermediate.int_check_sources select * replace ('members' as scope,"
        f" '{MEMBER}' as source_report_id) from intermediate.int_check_sources"
        f" where report_id = '{WHOLE}' and scope = 'own' and year_offset = 0",
        f"delete from intermediate.int_unassessable_checks where report_id = '{WHOLE}'",
        f"delete from intermediate.int_review_rows where report_id = '{MEMBER}'"
        " and channel = 'review'",
        f"update {CHECKS} set reason = 'members: a line is missing' where report_id = '{WHOLE}'"
        " and identity_id like 'rollup.reviews.%'",
    ):
        verdict = compare(gates.connection, rule(CHECKS))
    assert verdict.exception is None
    of_reviews = [row for row in verdict.sample if row["identity_id"].startswith("rollup.reviews.")]
    assert {row["slice"] for row in of_reviews} == {"litigation_direct", "litigation_after_review"}
    assert {row["found"] for row in of_reviews} == {"members: a line is missing"}


def test_a_refusal_names_table_key_column_both_values_and_what_to_do(gates: Gate) -> None:
    with taken_back(
        gates.connection,
        f"update {AGENCY} set new_requests = new_requests + 1 where {OF_ONE}",
    ):
        verdict = compare(gates.connection, rule(AGENCY))
    with pytest.raises(DataFailed) as raised:
        gate(Audit([verdict], Path("audit")))
    refusal = str(raised.value)
    row = verdict.sample[0]
    assert int(row["found"]) == int(row["due"]) + 1
    for part in (AGENCY, "agency_id", "report_year", "column new_requests", "--full-refresh"):
        assert part in refusal
    assert f"found {row['found']}, due {row['due']}" in refusal


def test_a_verdict_of_another_than_great_expectations_is_named(gates: Gate) -> None:
    with taken_back(gates.connection, f"update {CHECKS} set status = 'holds' where {ONE_BREAK}"):
        verdict = compare_checks(gates.connection, gates.identities, gates.audited)
    assert verdict.failing == 1
    row = verdict.sample[0]
    assert (row["column"], row["found"], row["due"]) == ("status", "holds", "broken")
    assert {"report_id", "identity_id", "slice"} <= set(row)


@pytest.mark.parametrize(
    "text", ["{% set key = ['a'] %} select 1 as a", "select {{ nothing }} as a", "{% if %}"]
)
def test_a_wrong_rule_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tables" / "marts" / "agency_year.sql"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall, match=r"marts/agency_year\.sql"):
        read_tables(tmp_path, TODAY)


def test_a_table_of_other_columns_is_refused(gates: Gate) -> None:
    table = Table("marts.dim_region", ("region_code",), "marts.dim_region", "select 1 as a", "", "")
    assert compare(gates.connection, table).failing == 1
