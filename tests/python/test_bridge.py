"""`region_year` comes out of the marts alone: bodies' years, and the regions that they count in."""

from pathlib import Path

import duckdb
import pytest

RECOMPUTED = """
select
    bridge.region_code,
    years.report_year,
    count_if(times_counted > 0) as reports_used,
    case
        when bool_and(role <> 'member' or times_counted < 0) then 'consolidated'
        when bool_and(role = 'member' or times_counted < 0) then 'members'
        else 'mixed'
    end as basis,
    bool_or(role = 'whole_region' and times_counted > 0) as is_whole_region,
    min(times_counted) < 0 as has_overlaps,
    {sums}
from marts.agency_year as years
inner join marts.bridge_report_region as bridge using (report_id)
where bridge.times_counted <> 0
group by all
"""


@pytest.mark.parametrize("database", ["warehouse", "landed"])
def test_a_regions_year_is_recomputed(database: str, request: pytest.FixtureRequest) -> None:
    file: Path = request.getfixturevalue(database)
    with duckdb.connect(str(file), read_only=True) as connection:
        measures = [
            name.removesuffix("_not_reported")
            for (name,) in connection.sql(
                "select column_name from duckdb_columns() where table_name = 'region_year'"
                " and column_name like '%!_not!_reported' escape '!'"
                " and column_name not like '%!_rate!_%' escape '!'"
            ).fetchall()
        ]
        assert len(measures) > 20
        columns = [name for m in measures for name in (m, f"{m}_not_reported")]
        # a cell without a number is not in the sum that takes it back
        sums = ", ".join(
            f"sum({m} * times_counted) as {m},"
            f" sum({m}_not_reported * greatest(times_counted, 0)) as {m}_not_reported"
            for m in measures
        )
        shown = ", ".join(
            [
                "region_code",
                "report_year",
                "reports_used",
                "basis",
                "is_whole_region",
                "has_overlaps",
                *columns,
            ]
        )
        recomputed = RECOMPUTED.format(sums=sums)
        for one, other in (
            (f"select {shown} from marts.region_year", recomputed),
            (recomputed, f"select {shown} from marts.region_year"),
        ):
            assert connection.sql(f"({one}) except all ({other})").fetchall() == []
