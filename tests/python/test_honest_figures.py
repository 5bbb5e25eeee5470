"""Figures that cannot mislead: what is in doubt, sums by level, and rates without a denominator."""

import json
import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from lxml import html

from conftest import copied
from gouji import bounds
from gouji.bounds import rooms_of
from gouji.metrics.ask import Metrics
from gouji.paths import Warehouse
from gouji.site.page import Site
from gouji.site.pages.field import field_of
from gouji.site.pages.provinces import map_of
from gouji.site.pages.series import BOUNDED as SHOWN
from gouji.site.pages.series import CHARTS, Key, figure_of, left_open
from gouji.site.tables import Link, Sum

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


# What printed totals leave for cells without a number, out of the printed text alone.
BOUNDS = """
with cells as (
    select
        report_id, 'requests' as form_table, line_code, column_code,
        try_cast(printed as integer) as value
    from raw.raw_requests unpivot include nulls (printed for column_code in (
        natural_person, commercial_enterprise, research_institution, public_welfare_organization,
        legal_service_organization, other_organization, total
    ))
    where
        line_code <> 'other_processing'
        or report_id not in (from raw.raw_requests select report_id where line_code = 'other_other')
    union all
    select report_id, 'reviews', channel, column_code, try_cast(printed as integer)
    from raw.raw_reviews unpivot include nulls (printed for column_code in (
        upheld, corrected, other, pending, total
    ))
),

lines as (
    select
        report_id,
        form_table,
        line_code,
        coalesce(sum(value) filter (column_code <> 'total'), 0) as parts,
        count_if(value is null and column_code <> 'total') as missing,
        coalesce(sum(value) filter (column_code in ('upheld', 'corrected', 'other')), 0) as ended,
        count_if(value is null and column_code in ('upheld', 'corrected', 'other')) as not_ended,
        coalesce(sum(value) filter (column_code = 'corrected'), 0) as corrected,
        count_if(value is null and column_code = 'corrected') as not_corrected,
        sum(value) filter (column_code = 'total') as total
    from cells
    group by all
),

outcomes as (
    select report_id, max(total) filter (line_code = 'total_processed') - sum(parts) filter (
        line_code not in ('new_requests', 'carried_in', 'carried_out', 'total_processed')
    ) as room
    from lines
    where form_table = 'requests'
    group by report_id
),

found as (
    select report_id, line_code as measure, total as at_most
    from lines
    where
        line_code in ('new_requests', 'carried_in', 'carried_out')
        and missing > 0 and total >= parts
    union all
    select report_id, measure, sum(parts) + max(room)
    from lines
    inner join outcomes using (report_id)
    inner join (
        values ('granted'), ('partially_granted'), ('denied'), ('unavailable'), ('unprocessed'),
            ('other')
    ) as groups (measure) on starts_with(line_code, measure)
    where room >= 0
    group by all
    having sum(missing) > 0
    union all
    select report_id, 'processed', sum(parts) + max(room)
    from lines
    inner join outcomes using (report_id)
    where
        form_table = 'requests' and room >= 0
        and line_code not in ('new_requests', 'carried_in', 'carried_out', 'total_processed')
    group by report_id
    having sum(missing) > 0
    union all
    select report_id, 'reviews_concluded', ended + total - parts
    from lines
    where line_code = 'review' and not_ended > 0 and total >= parts
    union all
    select report_id, 'reviews_corrected', corrected + total - parts
    from lines
    where line_code = 'review' and not_corrected > 0 and total >= parts
    union all
    select report_id, 'lawsuits_concluded', sum(ended + if(not_ended > 0, total - parts, 0))
    from lines
    where starts_with(line_code, 'litigation')
    group by report_id
    having sum(not_ended) > 0 and bool_and(not_ended = 0 or coalesce(total >= parts, false))
    union all
    select report_id, 'lawsuits_lost', sum(corrected + if(not_corrected > 0, total - parts, 0))
    from lines
    where starts_with(line_code, 'litigation')
    group by report_id
    having sum(not_corrected) > 0 and bool_and(not_corrected = 0 or coalesce(total >= parts, false))
)

select agency_id, report_year, replace(measure, 'other', 'other_processing') as measure, at_most
from found
inner join marts.dim_report using (report_id)
where is_current
"""


def bounds_shown(site: Path) -> Iterator[tuple[str, int, str, int]]:
    for page in (site / "agencies").glob("*-*.html"):
        tree = html.parse(page)
        for chart, measures in CHARTS.items():
            for row in tree.xpath(f"//table[@id='{chart}-table']/tbody/tr"):
                for measure, cell in zip(measures, row.xpath("td[@data-value]"), strict=True):
                    shown = re.search(r"勾稽关系至多 ([\d,]+)", cell.xpath("string(span)"))
                    if shown:
                        year = int(row.xpath("th")[0].text)
                        yield page.stem, year, measure, int(shown[1].replace(",", ""))


def test_a_sum_beside_blank_cells_is_bounded_by_printed_totals(
    connection: duckdb.DuckDBPyConnection, warehouse: Path
) -> None:
    """On the pages of bodies; in the six real reports where a printed total says something."""
    found = connection.sql(f"{BOUNDS} and measure <> 'processed'").fetchall()
    assert sorted(bounds_shown(warehouse.parent / "site")) == sorted(found)
    assert len({row[:2] for row in found}) == 6


@pytest.mark.parametrize(
    ("value", "missing", "at_most", "shown"),
    [
        (12, 2, 1500, "at least 12 (2 cells without a number), at most 1,500"),
        (12, 2, 12, "12 (2 cells without a number), at most 12"),
        (12, 2, None, "at least 12 (2 cells without a number)"),
        (None, 6, 4, "none of 6 cells has a number, at most 4"),
        (12, 0, 12, "12"),
    ],
)
def test_a_bound_is_shown_beside_what_is_reported(
    value: int | None, missing: int, at_most: int | None, shown: str
) -> None:
    row = {"is_reported": True, "measure": "granted", "value": value}
    said = figure_of(row | {"not_reported": missing, "at_most": at_most}).shown.en
    assert said.removesuffix(" by the printed totals and the balance") == shown


# Metrics and the measures whose bounds they have, with the fact and the condition of their cells.
BOUNDED = {
    "new_requests": ("new_requests", "fct_requests", "line_code = 'new_requests'"),
    "requests_carried_in": ("carried_in", "fct_requests", "line_code = 'carried_in'"),
    "requests_processed": ("processed", "fct_requests", "stage = 'outcome'"),
    "requests_granted": ("granted", "fct_requests", "line_code = 'granted'"),
    "requests_denied": ("denied", "fct_requests", "starts_with(line_code, 'denied')"),
    "requests_processed_otherwise": (
        "other_processing",
        "fct_requests",
        "starts_with(line_code, 'other')",
    ),
    "reviews_concluded": (
        "reviews_concluded",
        "fct_review_litigation",
        "channel = 'review' and result <> 'pending'",
    ),
    "lawsuits_lost": (
        "lawsuits_lost",
        "fct_review_litigation",
        "channel <> 'review' and result = 'corrected'",
    ),
}
# A sum of many reports: of each that lacks a cell its bound, of the others what they hold.
BOUNDS_OF_MANY = """
with of_reports as (
    select agency_id, report_year, sum(value) as value, count_if(value is null) as missing
    from marts.{fact}
    where {cells} and {reports}
    group by all
)

select
    {group},
    sum(value),
    case when bool_and(missing = 0 or at_most is not null)
        then sum(if(missing = 0, value, at_most)) end
from of_reports
inner join marts.dim_agency using (agency_id)
left join (
    {bounds}
) as bounds on
    of_reports.agency_id = bounds.agency_id
    and of_reports.report_year = bounds.report_year
    and measure = '{measure}'
where {condition}
group by all
"""
# How a metric is asked, and the same in SQL: groups and conditions.
QUESTIONS = [
    ([], [], "true", "true"),
    (["year"], [], "of_reports.report_year", "true"),
    (["province"], ["year >= 2020"], "province", "of_reports.report_year >= 2020"),
    (["year", "level"], [], "of_reports.report_year, level", "true"),
    (["agency"], [], "of_reports.agency_id", "true"),
    (["sector"], ["province = '福建省'"], "sector", "province = '福建省'"),
    ([], ["agency = '350128-gongan'"], "true", "of_reports.agency_id = '350128-gongan'"),
]
# A blank in every report of two years; in a county's of one of them, beside a broken total.
MORE_BLANKS = """
create temp table blank as
select report_id, report_year = 2024 and agency_id like '350128-%' as is_broken
from marts.dim_report
where report_year in (2021, 2024);

update intermediate.int_request_rows as cells
set natural_person = null, total = if(is_broken, -1, total)
from blank where cells.report_id = blank.report_id and line_code = 'new_requests';

update raw.raw_requests as cells
set natural_person = '', total = if(is_broken, '-1', total)
from blank where cells.report_id = blank.report_id and line_code = 'new_requests';

update marts.fct_requests as cells
set value = null
from blank
where cells.report_id = blank.report_id and line_code = 'new_requests'
    and applicant_type = 'natural_person';

update marts.agency_year as years
set
    new_requests = (
        select sum(value) from marts.fct_requests as cells
        where cells.report_id = years.report_id and line_code = 'new_requests'
    ),
    new_requests_not_reported = 1
from blank where years.report_id = blank.report_id
"""


def changed(published: Path, folder: Path, by: str) -> Path:
    """A copy of a published file, changed by SQL."""
    copy = copied(published, folder / "warehouse")
    with duckdb.connect(str(copy)) as connection:
        connection.execute(by)
    return copy


@pytest.fixture(scope="module")
def blanked(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file with more blanks."""
    return changed(warehouse, tmp_path_factory.mktemp("blanks"), MORE_BLANKS)


@pytest.fixture(scope="module")
def overlapping(blanked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It, with reports that count twice in a region or are taken back."""
    return changed(blanked, tmp_path_factory.mktemp("overlaps"), OVERLAPS)


def metrics_of(published: Path) -> Metrics:
    return Metrics(published, Warehouse(published.parent).artifacts.semantic_manifest)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("reports", ["not is_consolidated", "is_consolidated"])
@pytest.mark.parametrize("published", ["warehouse", "blanked"])
def test_the_sum_of_many_reports_is_bounded_where_each_is(
    request: pytest.FixtureRequest,
    published: str,
    question: tuple[list[str], list[str], str, str],
    reports: str,
) -> None:
    by, where, group, condition = question
    metrics = metrics_of(request.getfixturevalue(published))
    suffix = "_consolidated" if reports == "is_consolidated" else ""
    asked = {f"{name}{suffix}": cells for name, cells in BOUNDED.items()}
    known = {metric.name for metric in metrics.all()} & asked.keys()
    assert len(known) == (4 if suffix else len(BOUNDED))
    for name in known:
        measure, fact, cells = asked[name]
        answer = metrics.ask([name], by=by, where=where, in_full=True)
        assert answer.columns[len(by) :] == (name, f"{name}_at_most")
        in_sql = BOUNDS_OF_MANY.format(
            fact=fact,
            cells=cells,
            reports=reports,
            bounds=BOUNDS,
            measure=measure,
            group=group,
            condition=condition,
        )
        with duckdb.connect(str(metrics.database), read_only=True) as connection:
            plain = connection.sql(in_sql).fetchall()
        found = [row if by else (True, *row) for row in answer.rows]
        assert sorted(map(repr, found)) == sorted(map(repr, plain)), name


def test_one_report_without_a_bound_leaves_its_group_without(blanked: Path) -> None:
    answer = metrics_of(blanked).ask(["new_requests"], by=["year"], in_full=True)
    bounds = {year: (value, most) for year, value, most in answer.rows}
    assert (bounds[2021], bounds[2024]) == ((3, 61), (0, None))
    assert all(value == most for year, (value, most) in bounds.items() if year not in {2021, 2024})


# How a body is added up by two reports, so that its own is taken back, and one twice.
OVERLAPS = """
update marts.bridge_report_region
set times_counted = case when role = 'member' then -1 else 2 end
where report_year = 2021
"""
# Of what sums are drawn: by which column, of all of a level, and the reports that are counted.
DRAWN: dict[str, tuple[Key, str, str]] = {
    "regions": ("region_code", "", "from marts.bridge_report_region"),
    "provinces": (
        "region_code",
        "province",
        "from marts.bridge_report_region where region_level = 'province'",
    ),
    "the country": (
        "scope",
        "",
        """
        select 'once' as scope, report_id, agency_id, report_year, times_counted
        from marts.bridge_report_region
        where region_level = 'province'
        union all
        select 'own', report_id, agency_id, report_year, 1
        from marts.dim_report
        where is_current and not is_consolidated
        """,
    ),
}
# What the counted reports can hold more; from what is taken back its sum is taken.
ROOMS = """
with of_reports as (
    select report_id, report_year, sum(value) as value, count_if(value is null) as missing
    from marts.{fact}
    where {cells}
    group by all
)

select
    {key},
    of_reports.report_year,
    case when bool_and(missing = 0 or times_counted < 0 or at_most is not null)
        then sum(
            times_counted * if(missing > 0 and times_counted > 0, at_most, coalesce(value, 0))
        ) - sum(times_counted * coalesce(value, 0))
    end
from of_reports
inner join ({counted}) as counted using (report_id)
left join (
    {bounds}
) as bounds on
    counted.agency_id = bounds.agency_id
    and counted.report_year = bounds.report_year
    and measure = '{measure}'
where times_counted <> 0
group by all
having count_if(missing > 0 and times_counted > 0) > 0
"""


@contextmanager
def site_over(published: Path, folder: Path) -> Iterator[Site]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as gouji (read_only)")
        connection.execute("use gouji")
        site = Site(connection, folder, Warehouse(published.parent))
        site.draw_regions()
        yield site


def rooms_shown(
    published: Path, folder: Path, key: Key, level: str = ""
) -> dict[Hashable, int | None] | None:
    with site_over(published, folder) as site:
        return rooms_of(site.connection, left_open(site, key, (*SHOWN, "processed"), level))


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("published", ["warehouse", "blanked", "overlapping"])
def test_regions_and_the_country_are_bounded_by_the_reports_that_count_in_them(
    request: pytest.FixtureRequest, published: str, drawn: str, tmp_path: Path
) -> None:
    path = request.getfixturevalue(published)
    key, level, counted = DRAWN[drawn]
    rooms = rooms_shown(path, tmp_path, key, level)
    assert rooms is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        for measure, fact, cells in BOUNDED.values():
            plain = connection.sql(
                ROOMS.format(
                    key=key,
                    counted=counted,
                    fact=fact,
                    cells=cells,
                    bounds=BOUNDS,
                    measure=measure,
                )
            ).fetchall()
            assert plain, measure
            found = {group[:2]: room for group, room in rooms.items() if group[2] == measure}
            assert found == {row[:2]: row[2] for row in plain}, measure


def test_the_first_page_shows_these_bounds(blanked: Path, tmp_path: Path) -> None:
    with site_over(blanked, tmp_path) as site:
        field, provinces = field_of(site), map_of(site, 2021)
    assert field is not None
    of_country = rooms_shown(blanked, tmp_path, "scope") or {}
    of_provinces = rooms_shown(blanked, tmp_path, "region_code", "province") or {}
    cells = [
        (row[3], of_country.get((scope, int(str(row[0])), "new_requests")))
        for scope, table in (("once", field.once), ("own", field.own))
        for row in table.rows
    ]
    cells += [
        (row[5], of_provinces.get((row[1].href[8:14], int(str(row[0])), "new_requests")))
        for row in provinces.table.rows
        if isinstance(row[1], Link)
    ]
    for cell, room in cells:
        assert isinstance(cell, Sum)
        assert cell.most == (None if room is None else (cell.value or 0) + room)
    assert any("–" in cell.said for cell, _ in cells if isinstance(cell, Sum))
    # a share is of what is known
    tiles = provinces.data["rates"]["granted_rate"]["2021"].values()
    assert not any("–" in of for _, _, of, _ in tiles)
    assert "–" not in field.latest["processed"].said


def test_beside_too_many_blanks_no_sum_is_bounded(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounded = rooms_shown(warehouse, tmp_path, "region_code") or {}
    assert any(room is not None for room in bounded.values())
    monkeypatch.setattr(bounds, "MOST_REPORTS", 0)
    assert rooms_shown(warehouse, tmp_path, "region_code") is None


@pytest.mark.parametrize(
    ("value", "missing", "most", "said"),
    [
        (12, 0, None, "12"),
        (12, 3, None, "≥ 12"),
        (12, 3, 1500, "12–1,500"),
        (12, 3, 12, "12"),
        (None, 3, 9, ""),
        (0, 1, 9, "0–9"),
    ],
)
def test_a_sum_of_a_table_is_said_with_its_bounds(
    value: int | None, missing: int, most: int | None, said: str
) -> None:
    assert Sum(value, missing, most).said == said
