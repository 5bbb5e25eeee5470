"""Figures that cannot mislead: what is in doubt."""

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
