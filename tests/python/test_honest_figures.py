"""Figures that cannot mislead: what is in doubt, sums by level, and rates without a denominator."""

import json
from pathlib import Path

import duckdb
import pytest

SHARE_GRANTED = """
select round(100.0 * sum(value) filter (line_code = 'granted') / nullif(sum(value), 0), 1)
from marts.fct_requests as fact
where stage = 'outcome' and report_year = 2021 and not is_consolidated and {condition}
"""
# what the best explanations name; the real reports have no corrections
NAMED = """
not exists (
    from quality.suspect_cells as named
    where rank = 1 and form_table = 'requests' and named.report_id = fact.report_id
        and named.line_code = fact.line_code and named.column_code = fact.applicant_type
)
"""


@pytest.fixture(scope="module")
def connection(warehouse: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(warehouse), read_only=True)


@pytest.mark.parametrize(
    ("condition", "share"),
    [("true", 45.9), ("not is_doubtful", 46.7), (NAMED, 46.7), ("is_consistent", 32.5)],
)
def test_one_wrong_total_moves_no_headline(
    connection: duckdb.DuckDBPyConnection, condition: str, share: float
) -> None:
    found = connection.sql(SHARE_GRANTED.format(condition=condition)).fetchall()
    assert found == [(share,)]


# One filter for each table of figures, with which its rows add up to what the reports counted hold.
SAFE_SUMS = {
    "fct_requests": "not is_consolidated",
    "fct_review_litigation": "not is_consolidated",
    "fct_published_items": "not is_consolidated",
    "agency_year": "not is_consolidated",
    "region_year": "region_level = 'province'",
    "sector_year": "sector = 'public_security'",
    "requests_year": "not is_consolidated",
}


@pytest.mark.parametrize(("table", "condition"), SAFE_SUMS.items())
def test_the_safe_sum_is_named_where_the_table_is_read(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, table: str, condition: str
) -> None:
    comment = connection.sql(
        f"select comment from duckdb_tables() where table_name = '{table}'"
    ).fetchall()[0][0]
    package = json.loads((warehouse.parent / "parquet" / "datapackage.json").read_text("utf-8"))
    told = {resource["name"]: resource["description"] for resource in package["resources"]}
    for text in (comment, told[table]):
        assert text.count(f"where {condition}") == 2, "in English and in Chinese"
    assert connection.sql(f"select 1 from marts.{table} where {condition} limit 1").fetchall()


def test_a_level_of_regions_adds_up_to_the_reports_counted(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Each body's requests once, by the bridge and the facts; all levels together are more."""
    by_cell = connection.sql(
        """
        select report_year, sum(value * times_counted)
        from marts.fct_requests
        inner join marts.bridge_report_region using (report_id, report_year)
        where stage = 'received' and region_level = 'province'
        group by report_year order by report_year
        """
    ).fetchall()
    of_level, of_all = (
        connection.sql(
            f"select report_year, sum(new_requests) from marts.region_year where {condition}"
            " group by report_year order by report_year"
        ).fetchall()
        for condition in (SAFE_SUMS["region_year"], "true")
    )
    assert of_level == by_cell
    assert dict(of_level)[2024] == 6_862
    assert dict(of_all)[2024] == 14_037


def test_wide_tables_name_what_their_rows_are_of(connection: duckdb.DuckDBPyConnection) -> None:
    for table, key, dimension, columns in (
        ("agency_year", "agency_id", "dim_agency", ("agency_name", "level", "province")),
        ("region_year", "region_code", "dim_region", ("region_name", "region_level", "province")),
    ):
        same = " and ".join(f"years.{c} is not distinct from named.{c}" for c in columns)
        others = connection.sql(
            f"select {key} from marts.{table} as years"
            f" left join marts.{dimension} as named using ({key}) where not ({same})"
        ).fetchall()
        assert others == []
    unnamed = connection.sql(
        "select 1 from marts.sector_year left join reference.sectors on sector = sector_code"
        " where (sector_zh, sector_en) is distinct from (label_zh, label_en)"
    ).fetchall()
    assert unnamed == []


def test_no_figure_is_not_a_number(connection: duckdb.DuckDBPyConnection) -> None:
    columns = connection.sql(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where schema_name in ('marts', 'quality') and data_type in ('DOUBLE', 'FLOAT')"
    ).fetchall()
    assert len(columns) >= 24
    for schema, table, column in columns:
        found = connection.sql(
            f"select count_if(isnan({column}) or isinf({column})) from {schema}.{table}"
        ).fetchall()
        assert found == [(0,)], (table, column)


@pytest.mark.parametrize("table", ["agency_year", "region_year", "sector_year"])
def test_every_rate_stands_beside_its_denominator(
    connection: duckdb.DuckDBPyConnection, table: str
) -> None:
    columns = [name for name, *_ in connection.sql(f"describe marts.{table}").fetchall()]
    rates = [name for name in columns if name.endswith("_rate")]
    assert len(rates) == 8
    for rate in rates:
        assert {f"{rate}_denominator", f"{rate}_not_reported"} <= set(columns)
        wrong = connection.sql(
            f"select 1 from marts.{table}"
            f" where {rate} is not null and coalesce({rate}_denominator, 0) = 0"
        ).fetchall()
        assert wrong == [], rate
