"""Each fixed rule passes over the real warehouse, and fails over one that breaks it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from gouji.audit.suites import RULE_SUITES, read_rules
from gouji.errors import WrongCall

SUITES = Path(__file__).parents[2] / "expectations" / "suites"
RULES = {
    f"{suite}.{rule['rule_id']}": rule["sql"]
    for suite in RULE_SUITES
    for rule in yaml.safe_load((SUITES / f"{suite}.yml").read_text(encoding="utf-8"))["rules"]
}

ONE_REPORT = "report_id = (select min(report_id) from raw.raw_reports)"
ONE_ROW = "rowid = (select min(rowid) from {})"


def set_one(table: str, change: str) -> str:
    return f"update {table} set {change} where {ONE_ROW.format(table)}"


def repeat_one(table: str) -> str:
    return f"insert into {table} select * from {table} limit 1"


# For each rule a change that breaks it.
FAULTS = {
    "raw_tables.reports_present": "delete from raw.raw_reports",
    "raw_tables.report_id_unique": repeat_one("raw.raw_reports"),
    "raw_tables.report_id_shape": set_one("raw.raw_reports", "revision = '2'"),
    "raw_tables.agency_id_shape": set_one("raw.raw_reports", "agency_id = '3100-Bangongting'"),
    "raw_tables.agency_known": set_one("raw.raw_reports", "agency_id = '999999-nobody'"),
    "raw_tables.report_year_reads": set_one("raw.raw_reports", "report_year = '二〇一九'"),
    "raw_tables.revision_reads": set_one("raw.raw_reports", "revision = '0'"),
    "raw_tables.layout_known": set_one("raw.raw_reports", "layout = '2008'"),
    "raw_tables.dates_read": set_one("raw.raw_reports", "published_on = '2020-13-01'"),
    "raw_tables.dates_in_order": set_one("raw.raw_reports", "published_on = '2018-01-31'"),
    "raw_tables.sha256_shape": set_one("raw.raw_reports", "source_sha256 = 'F00'"),
    "raw_tables.document_landed_once": "update raw.raw_reports set source_sha256 = repeat('0', 64)",
    "raw_tables.names_given": set_one("raw.raw_reports", "title = null"),
    "raw_tables.table_rows_of_known_reports": set_one("raw.raw_reviews", "report_id = 'nobody'"),
    "raw_tables.three_tables_each": f"delete from raw.raw_reviews where {ONE_REPORT}",
    "raw_tables.tables_of_the_layout": set_one(
        "raw.raw_statistics", "report_id = (select max(report_id) from raw.raw_requests)"
    ),
    "raw_tables.statistics_keys": set_one("raw.raw_statistics", "indicator_code = 'items_website'"),
    "raw_tables.statistics_known": set_one("raw.raw_statistics", "column_code = 'all'"),
    "raw_tables.disclosures_keys": repeat_one("raw.raw_disclosures"),
    "raw_tables.requests_keys": repeat_one("raw.raw_requests"),
    "raw_tables.reviews_keys": repeat_one("raw.raw_reviews"),
    "raw_tables.disclosures_cells_of_form": set_one("raw.raw_disclosures", "measure_code = 'fees'"),
    "raw_tables.lines_of_form": set_one("raw.raw_requests", "line_code = 'refused'"),
    "raw_tables.figures_known": set_one("raw.raw_narrative_figures", "figure_code = 'requests'"),
    "raw_tables.printed_text_clean": set_one("raw.raw_reviews", "pending = '1' || chr(11)"),
    "warehouse_integrity.identities_have_sides": (
        "delete from reference.identity_terms"
        " where identity_id = 'requests.balance' and side = 'right'"
    ),
    "warehouse_integrity.identities_assessed": (
        "update quality.fct_identity_checks set status = 'not_assessable', reason = 'absent: total'"
        " where identity_id = 'requests.balance'"
    ),
}


@pytest.fixture(scope="module")
def spoilt(
    warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a copy of the warehouse, whose changes are taken back after each test."""
    copy = tmp_path_factory.mktemp("spoilt") / "gouji.duckdb"
    copy.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        yield connection


def test_every_rule_has_a_fault() -> None:
    assert set(FAULTS) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_passes_over_the_warehouse_and_fails_over_its_fault(
    spoilt: duckdb.DuckDBPyConnection, rule: str
) -> None:
    assert spoilt.execute(RULES[rule]).fetchall() == []
    spoilt.execute("begin")
    try:
        spoilt.execute(FAULTS[rule])
        assert spoilt.execute(RULES[rule]).fetchall() != []
    finally:
        spoilt.execute("rollback")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rules: [", "parsing"),
        ("suite: none", "rules"),
        ("rules:\n- {rule_id: a, title_zh: a, title_en: a, severity: fatal, sql: a}", "Rule 1"),
        ("rules:\n- {rule_id: a, title_zh: a, severity: error, sql: a}", "title_en"),
        ("rules:\n- {rule_id: a}\n- {rule_id: a}", "id a"),
    ],
)
def test_a_wrong_suite_file_is_named(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "raw_tables.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall, match=place) as raised:
        read_rules(file)
    assert str(file) in str(raised.value)
