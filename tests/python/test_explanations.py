"""What explains a break: the planted cells first, no right cell accused, or the cause not known."""

import csv
from pathlib import Path

import duckdb
import pytest

from conftest import ROOT
from gouji.synthetic.measure import (
    ACCUSED_AT_MOST,
    ACCUSED_AT_MOST_UNTUNED,
    PLANTED_FIRST_AT_LEAST,
    SOLE_FIRST_AT_LEAST,
)
from gouji.synthetic.score import Score, score


def asked(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).fetchall()


@pytest.fixture(scope="module")
def scored(landed: Path) -> Score:
    return score(landed, landed.parent / "planted")


def test_the_planted_cells_come_first_or_among_equals(scored, tell):
    known = scored.known
    assert known["visible"] > 80
    first = known["first"] + known["among_equals"]
    tell(f"planted cells first or among equals: {first} of {known['visible']} faults")
    assert first >= PLANTED_FIRST_AT_LEAST * known["visible"]
    assert known["sole_first"] >= SOLE_FIRST_AT_LEAST * known["sole"]


def test_no_right_cell_comes_first(scored, tell):
    known, untuned = scored.known, scored.untuned
    assert untuned["visible"] > 60
    tell(
        f"a right cell first: {known['accused']} of {known['visible']} faults,"
        f" {untuned['accused']} of {untuned['visible']} of kinds that nothing was made for"
    )
    assert known["accused"] <= ACCUSED_AT_MOST * known["visible"]
    assert untuned["accused"] <= ACCUSED_AT_MOST_UNTUNED * untuned["visible"]


def test_below_the_bound_the_cause_is_not_known_and_nothing_is_accused(warehouse):
    (bound,) = [
        int(row["weight"])
        for row in csv.DictReader((ROOT / "seeds/reference/slip_kinds.csv").open(encoding="utf-8"))
        if row["kind"] == "not_known"
    ]
    ((least,),) = asked(warehouse, "select min(likelihood) from quality.suspect_cells")
    assert least >= bound
    assert asked(
        warehouse, f"select count(*) from quality.explanations where likelihood < {bound}"
    ) > [(0,)]
    not_known = asked(
        warehouse,
        "select count(*), count(suspects.root_cause_id), max(equal_explanations)"
        " from quality.issues left join quality.suspect_cells as suspects using (root_cause_id)"
        " where likely_slip = 'not_known'",
    )
    assert not_known[0][0] > 0
    assert not_known[0][1:] == (0, 0)


def test_all_is_under_one_column_only_where_one_column_holds_the_whole_row(warehouse, landed):
    parts = "natural_person, commercial_enterprise, research_institution"
    parts += ", public_welfare_organization, legal_service_organization, other_organization"
    spread = f"""
        select suspects.report_id, suspects.line_code
        from quality.suspect_cells as suspects
        inner join intermediate.int_request_rows as rows using (report_id, line_code)
        where kind = 'all_under_one_column'
            and len(list_filter([{parts}], lambda n: n <> 0)) <> 1
    """
    for database in (warehouse, landed):
        assert asked(database, spread) == []
    assert asked(
        landed, "select count(*) from quality.suspect_cells where kind = 'all_under_one_column'"
    ) > [(2,)]
    # 16 and 2 are no "all under one column" of 18 and 0
    assert not asked(
        warehouse,
        "select 1 from quality.suspect_cells where report_id = '350128-ziyuan-2021'"
        " and kind = 'all_under_one_column' and reported_value = 16",
    )


def test_the_lost_signs_are_alone_in_first_place(warehouse):
    assert asked(
        warehouse,
        "select kind, line_code, column_code, implied_value, checks_mended"
        " from quality.suspect_cells where report_id = '640300-keji-2019' and rank = 1"
        " order by line_code",
    ) == [("sign_lost", "coercion", "change", -1, 1), ("sign_lost", "penalty", "change", -4, 2)]
