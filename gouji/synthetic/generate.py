"""Synthetic reports that agree with themselves, in both layouts, over several years.

Every number is drawn by a hash of the seed and of what it is about (agency, year, line, column):
the same seed gives the same reports on any machine, in any number of threads, and a larger set
begins with the smaller one. How often a cell is zero, how heavy its tail is and in which ways it
is printed follow the hundred real reports of the raw seeds.

What makes the reports consistent:

* requests carried over are a part of the year's new ones, and next year's carried in; processed
  is what is left, and is shared out over the outcome lines;
* stocks (documents in force, items) are walked from year to year by a drawn change;
* a consolidated report adds up its members, cell by cell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.paths import find_project
from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS
from gouji.synthetic.landing_folder import (
    LandingFolder,
    new_landing_folder,
    quoted,
)

FIRST_YEAR = 2019
LAST_YEAR = 2025
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
REPORTS_IN_A_CHUNK = 100_000

# How often an applicant type asks at all in a year, and how many times, against natural persons.
APPLICANTS = ((0.62, 1.0), (0.14, 0.5), (0.015, 0.2), (0.02, 0.2), (0.04, 0.3), (0.03, 0.3))

# How often an outcome occurs in a report with requests, and its weight where it does.
OUTCOMES = {
    "granted": (0.75, 4.0),
    "partially_granted": (0.2, 1.5),
    "denied_state_secret": (0.01, 0.2),
    "denied_prohibited_by_law": (0.02, 0.3),
    "denied_safety_stability": (0.01, 0.2),
    "denied_third_party": (0.04, 0.4),
    "denied_internal_affairs": (0.06, 0.5),
    "denied_deliberative_process": (0.07, 0.5),
    "denied_enforcement_file": (0.08, 0.6),
    "denied_administrative_query": (0.06, 0.5),
    "unavailable_not_held": (0.45, 3.0),
    "unavailable_needs_creation": (0.06, 0.6),
    "unavailable_unclear": (0.05, 0.3),
    "unprocessed_petition": (0.06, 1.0),
    "unprocessed_repeat": (0.06, 0.5),
    "unprocessed_publication": (0.002, 0.2),
    "unprocessed_excessive": (0.01, 0.5),
    "unprocessed_confirm_reissue": (0.01, 0.3),
    "other_no_correction": (0.08, 0.6),
    "other_fee_unpaid": (0.01, 0.3),
    "other_other": (0.08, 0.8),
}
OTHER_PARTS = ("other_no_correction", "other_fee_unpaid", "other_other")
# Lines that some reports leave out where they have nothing to say.
LINES_LEFT_OUT = ("unprocessed_publication", "unprocessed_excessive", *OTHER_PARTS[1:])

# How often a body has anything in a line of table 二, the size of its stock, decisions a year.
DISCLOSURES = {
    "regulation": (0.02, 3, 0),
    "normative_document": (0.6, 8, 0),
    "permit": (0.6, 12, 60),
    "other_service": (0.2, 4, 40),
    "penalty": (0.5, 40, 30),
    "coercion": (0.3, 5, 15),
    "fee": (0.2, 2, 0),
    "procurement": (0.35, 0, 0),
}

# How often a case is brought in a channel.
CHANNELS = {"review": 0.15, "litigation_direct": 0.1, "litigation_after_review": 0.08}


@dataclass(frozen=True)
class Generated:
    """How much was written."""

    folder: Path
    reports: int
    agencies: int


def generate(
    folder: Path,
    *,
    reports: int,
    seed: int = 1,
    kind: str = "parquet",
    bodies_before: int = 0,
    memory_limit: str = "3GB",
    say: Callable[[str], None] = lambda _line: None,
) -> Generated:
    """Write synthetic reports as a landing folder.

    Args:
        folder: where to write; it must be new or empty.
        reports: how many reports, exactly.
        seed: the same seed gives the same reports.
        kind: `parquet` or `csv`.
        bodies_before: the bodies are numbered from here on, so that folders can stand together.
        memory_limit: what DuckDB may use.
        say: is told how far the work is, a line at a time.

    Raises:
        WrongCall: the folder is not empty, the format is not known, or no report is asked for.
    """
    if reports < 1:
        raise WrongCall(f"At least one report must be asked for, not {reports}.")
    target = new_landing_folder(folder, kind)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute(f"set temp_directory = '{quoted(folder / '.spill')}'")
        _define_draws(connection, seed)
        _load_vocabulary(connection)
        agencies = _plan(connection, reports, bodies_before)
        _write_beside(connection, target)
        for year in YEARS:
            for table in RAW_TABLES:
                target.part(table, year, 0).parent.mkdir(parents=True)
        chunks = -(-reports // REPORTS_IN_A_CHUNK)
        for chunk in range(chunks):
            _draw_chunk(connection, chunk)
            _write_chunk(connection, target, chunk)
            say(f"{min((chunk + 1) * REPORTS_IN_A_CHUNK, reports):,} of {reports:,} reports")
    spill = folder / ".spill"
    if spill.exists():
        spill.rmdir()
    return Generated(folder, reports, agencies)


def _define_draws(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Define u(…), uniform in (0, 1), a function of the seed and its five arguments."""
    # The hash of several values is not mixed well: draws of two names would go together.
    connection.execute(f"""
        create macro u(what, a, b, c, d) as
            ((hash(hash({seed}::bigint, what, a::bigint, b::bigint, c::bigint, d::bigint)) >> 12
            )::double + 0.5) / 4503599627370496.0
    """)
    # A heavy tail: half the draws are below 1, one in a hundred is above 15.
    connection.execute("create macro heavy(u) as least(pow(u, -0.6) - 1, 2000)")


def _load_vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    reference = find_project(Path(__file__)).root / "seeds" / "reference"
    for name in ("regions", "sectors", "form_lines", "form_cells", "measures"):
        connection.execute(
            f"create table {name} as select * from"
            f" read_csv('{quoted(reference / name)}.csv', all_varchar = true)"
        )
    connection.execute(
        "create table applicants (type integer, presence double, size double)",
    )
    connection.executemany(
        "insert into applicants values (?, ?, ?)",
        [(number, *drawn) for number, drawn in enumerate(APPLICANTS, 1)],
    )
    connection.execute(
        "create table outcomes"
        " (line_order integer, line_code varchar, presence double, size double)"
    )
    connection.executemany(
        "insert into outcomes values (?, ?, ?, ?)",
        [(number, code, *drawn) for number, (code, drawn) in enumerate(OUTCOMES.items(), 1)],
    )
    connection.execute(
        "create table stocks (line_order integer, line_code varchar,"
        " presence double, size double, decisions double)"
    )
    connection.executemany(
        "insert into stocks values (?, ?, ?, ?, ?)",
        [(number, code, *drawn) for number, (code, drawn) in enumerate(DISCLOSURES.items(), 1)],
    )
    connection.execute(
        "create table channels (channel_order integer, channel varchar, presence double)"
    )
    connection.executemany(
        "insert into channels values (?, ?, ?)",
        [(number, *drawn) for number, drawn in enumerate(CHANNELS.items(), 1)],
    )
    connection.execute("""
        create table request_lines as
        select line_code, min(line_order::integer) as line_order,
            bool_or(stage = 'outcome') as is_outcome
        from form_lines where form_table = 'requests' group by line_code
    """)


def _plan(connection: duckdb.DuckDBPyConnection, reports: int, bodies_before: int) -> int:
    """Plan the bodies, who adds up whom, and the reports with their ways of printing."""
    # A group is a body by itself, or a consolidated one with its members; it has 15 reports or
    # more on average, and the last group is cut where the reports asked for are complete.
    connection.execute(f"""
        create table groups as
        with drawn as (
            select
                g,
                u('consolidated', g, 0, 0, 0) < 0.25 as is_group,
                u('members', g, 0, 0, 0) as members,
                u('region level', g, 0, 0, 0) as region_level,
                u('region', g, 0, 0, 0) as region,
                u('first year', g, 0, 0, 0) as first_year,
                u('layout', g, 0, 0, 0) as layout,
                u('rollup', g, 0, 0, 0) as rollup
            from range({reports} // 8 + 40) as numbers (g)
        ),
        places as (
            select
                region_level,
                region_code,
                row_number() over (partition by region_level order by region_code) - 1 as place,
                count(*) over (partition by region_level) as places
            from regions
            where region_level <> 'township' and valid_to is null
        ),
        levels as (
            select *,
                case when region_level < 0.05 then 'province' when region_level < 0.2
                    then 'prefecture' else 'county' end as level
            from drawn
        )
        select
            g,
            is_group,
            case when is_group then 3 + floor(12 * members * members)::integer else 1 end as leaves,
            level,
            region_code,
            {FIRST_YEAR} + case when first_year < 0.85 then 0 when first_year < 0.93 then 1
                else 2 end as first_year,
            -- the year from which the group prints the 2021 layout
            case when layout < 0.04 then 2020 when layout < 0.94 then 2021 when layout < 0.98
                then 2022 else 2024 end as layout_from,
            case when not is_group then 'none' when rollup < 0.6 then 'complete'
                when rollup < 0.7 then 'incomplete' else 'none' end as rollup
        from levels
        inner join places on levels.level = places.region_level
            and floor(levels.region * places.places) = places.place
    """)
    connection.execute(f"""
        create table bodies as
        with members as (
            select groups.*, k, is_group and k = 0 as is_consolidated
            from groups, range(15 + 1) as numbers (k)
            where k < leaves + is_group::integer
        ),
        numbered as (
            select *, row_number() over (order by g, k) as a from members
        ),
        kinds as (
            select sector_code, row_number() over (order by sector_code) - 1 as place,
                count(*) over () as places
            from sectors where sector_code not in ('general_government', 'unclassified')
        )
        select
            a, g, k, is_consolidated, is_group, level, region_code, rollup, first_year, layout_from,
            region_code || '-synthetic-' || format('{{:06d}}', a + {bodies_before}) as agency_id,
            '合成机关' || format('{{:06d}}', a + {bodies_before}) || '（测试数据）' as agency_name,
            case when is_consolidated then 'general_government' else sector_code end as sector_code,
            case when rollup <> 'complete' and u('gap', a, 0, 0, 0) < 0.05
                then 2020 + floor(5 * u('gap year', a, 0, 0, 0))::integer end as gap_year,
            least(100, exp(1.1 * sqrt(-2 * ln(u('scale', a, 0, 0, 0)))
                * cos(2 * pi() * u('angle', a, 0, 0, 0)))) as scale,
            -- a body prints in the same way every year
            u('zeros', a, 0, 0, 0) as zeros,
            u('words', a, 0, 0, 0) as words,
            u('changes', a, 0, 0, 0) as changes,
            u('money', a, 0, 0, 0) as money,
            u('others', a, 0, 0, 0) as others,
            u('prose', a, 0, 0, 0) as prose,
            u('left out', a, 0, 0, 0) < 0.04 as leaves_out
        from numbered
        inner join kinds on floor(u('sector', a, 0, 0, 0) * places) = place
    """)
    connection.execute(f"""
        create table reports as
        with reports as (
            select
                row_number() over (order by a, y) as n,
                y,
                bodies.*,
                agency_id || '-' || y as report_id,
                case when y < layout_from then '2019' else '2021' end as layout
            from bodies, range({FIRST_YEAR}, {LAST_YEAR} + 1) as years (y)
            where y >= first_year and y is distinct from gap_year
        )
        select
            *,
            (n - 1) // {REPORTS_IN_A_CHUNK} as chunk,
            -- how a zero is printed in tables 三 and 四: as 0, not at all, or as a stroke or a word
            case when zeros < 0.8 or zeros >= 0.94 then '0' when zeros < 0.88 then null
                when zeros < 0.91 then '/' when zeros < 0.925 then '—' else '无' end as zero,
            zeros >= 0.94 and zeros < 0.965 as fills_few_columns,
            zeros >= 0.965 and zeros < 0.985 as leaves_totals_blank,
            zeros >= 0.985 as leaves_zero_parts_blank,
            (layout = '2019') <> (others < 0.04) as prints_others_as_one
        from reports
        where n <= {reports}
    """)
    planned, agencies = _one_row(
        connection, "select count(*), count(distinct a) from reports where n is not null"
    )
    if planned != reports:
        raise WrongCall(f"{reports} reports were asked for, but only {planned} can be planned.")
    return int(agencies)


def _write_beside(connection: duckdb.DuckDBPyConnection, target: LandingFolder) -> None:
    """Write the bodies, and who adds up whom, in the columns of the project's own seeds."""
    agencies = """
        select
            agency_id, agency_name, region_code, level, sector_code,
            case when is_group and not is_consolidated
                then first(agency_id) over (partition by g order by k) end as parent_agency_id,
            null::varchar as predecessor_agency_id,
            is_consolidated::varchar as is_consolidated
        from bodies
        where a in (select a from reports)
        order by a
    """
    # The last group may have been cut: its members are not complete, and are not listed.
    members = """
        with whole as (
            select g from bodies left join (select distinct a, 1 as reports from reports)
            using (a) group by g having count(reports) = count(*)
        ),
        last_report as (select g, a, y from reports qualify row_number() over (order by n desc) = 1)
        select
            parents.agency_id,
            members.agency_id as member_agency_id,
            members.y::varchar as report_year,
            (members.rollup = 'complete')::varchar as is_complete,
            '合成数据' as note
        from reports as members
        inner join reports as parents on members.g = parents.g and members.y = parents.y
            and parents.is_consolidated
        where not members.is_consolidated
            and members.g in (select g from whole)
            and members.g not in (select g from last_report)
            and members.rollup <> 'none'
            and (members.rollup = 'complete' or members.k > 1)
        order by members.n
    """
    connection.execute(target.write(agencies, target.beside("agencies")))
    connection.execute(target.write(members, target.beside("rollup_members")))


def _draw_chunk(connection: duckdb.DuckDBPyConnection, chunk: int) -> None:
    """Draw the numbers of a chunk of reports: sparse, a row only where something is not zero."""
    # Whole groups are drawn, so that a consolidated report finds all of its members.
    connection.execute(f"""
        create or replace table leaves as
        select * from bodies
        where not is_consolidated and g in (select g from reports where chunk = {chunk});
        create or replace table chunk_reports as select * from reports where chunk = {chunk};
        -- whose numbers go into which report
        create or replace table shares as
        select n, a, y, prints_others_as_one from chunk_reports where not is_consolidated
        union all
        select chunk_reports.n, leaves.a, chunk_reports.y, chunk_reports.prints_others_as_one
        from chunk_reports inner join leaves on chunk_reports.g = leaves.g
        where chunk_reports.is_consolidated;
    """)
    _draw_requests(connection)
    _draw_reviews(connection)
    _draw_disclosures(connection)


def _draw_requests(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(
        f"sum(case when type = {number} then value else 0 end)::bigint as {column}"
        for number, column in enumerate(APPLICANT_COLUMNS[:-1], 1)
    )
    other_parts = ", ".join(f"'{code}'" for code in OTHER_PARTS)
    connection.execute(f"""
        create or replace table request_numbers as
        with received as (
            select
                a, y, type, scale,
                case when u('asked', a, y, type, 0) < presence
                    then 1 + floor(scale * size * heavy(u('how often', a, y, type, 0)))
                    else 0 end::bigint as new
            from leaves, applicants, range({FIRST_YEAR} - 1, {LAST_YEAR} + 1) as years (y)
        ),
        open_at_the_end as (
            select *,
                case when new > 0 then least(new,
                    (u('late', a, y, type, 0) < 0.05)::bigint
                    + floor(new * 0.15 * u('share open', a, y, type, 0))::bigint
                ) else 0 end as carried_out
            from received
        ),
        flows as (
            select a, y, type, new, carried_out,
                lag(carried_out) over (partition by a, type order by y) as carried_in
            from open_at_the_end
        ),
        processed as (
            select *, new + carried_in - carried_out as processed
            from flows where y >= {FIRST_YEAR} and new + carried_in > 0
        ),
        weights as (
            select
                a, y, type, processed, line_code, line_order,
                case when u('outcome', a, y, type, line_order) < presence
                    then size * -ln(u('weight', a, y, type, line_order)) else 1e-9 end as weight
            from processed, outcomes
            where processed > 0
                and (line_code = 'granted' or u('outcome', a, y, type, line_order) < presence)
        ),
        rounded as (
            select *,
                floor(processed * weight
                    / sum(weight) over (partition by a, y, type))::bigint as part,
                row_number() over (
                    partition by a, y, type order by weight desc, line_order
                ) as place
            from weights
        ),
        outcome_values as (
            select
                a, y, type, line_code,
                part + case when place = 1
                    then processed - sum(part) over (partition by a, y, type) else 0 end as value
            from rounded
        ),
        line_values as (
            select a, y, type, line_code, value from outcome_values
            union all select a, y, type, 'new_requests', new from processed
            union all select a, y, type, 'carried_in', carried_in from processed
            union all select a, y, type, 'total_processed', processed from processed
            union all select a, y, type, 'carried_out', carried_out from processed
        )
        select
            n,
            case when prints_others_as_one and line_code in ({other_parts})
                then 'other_processing' else line_code end as line_code,
            {columns}
        from line_values
        inner join shares using (a, y)
        where value > 0
        group by all
    """)


def _draw_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        create or replace table review_numbers as
        with brought as (
            select a, y, channel, channel_order,
                1 + floor(scale * 0.5 * heavy(u('cases', a, y, channel_order, 0)))::bigint as cases
            from leaves, channels, range({FIRST_YEAR}, {LAST_YEAR} + 1) as years (y)
            where u('brought', a, y, channel_order, 0) < presence
        ),
        first_result as (
            select *, floor((cases + 1) * u('upheld', a, y, channel_order, 0))::bigint as upheld
            from brought
        ),
        second_result as (
            select *, floor((cases - upheld + 1)
                * 0.7 * u('corrected', a, y, channel_order, 0))::bigint as corrected
            from first_result
        ),
        third_result as (
            select *, floor((cases - upheld - corrected + 1)
                * u('pending', a, y, channel_order, 0))::bigint as pending
            from second_result
        )
        select
            n, channel,
            sum(upheld)::bigint as upheld,
            sum(corrected)::bigint as corrected,
            sum(cases - upheld - corrected - pending)::bigint as other,
            sum(pending)::bigint as pending
        from third_result
        inner join shares using (a, y)
        group by n, channel
    """)


def _draw_disclosures(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        create or replace table disclosure_numbers as
        with lines as (
            select a, scale, stocks.*,
                floor(scale * size
                    * (1 + heavy(u('stock', a, line_order, 0, 0)))) as first_stock
            from leaves, stocks
            where u('has', a, line_order, 0, 0) < presence
        ),
        drawn as (
            select *,
                case
                    when y = {FIRST_YEAR} - 1 or size = 0 then 0
                    when u('moves', a, y, line_order, 0) < 0.14
                        then -1 - floor(first_stock * 0.2 * u('step', a, y, line_order, 0))
                    when u('moves', a, y, line_order, 0) < 0.4
                        then 1 + floor(first_stock * 0.2 * u('step', a, y, line_order, 0))
                    else 0
                end as step,
                case when u('churns', a, y, line_order, 0) < 0.4
                    then floor(first_stock * 0.2 * u('churn', a, y, line_order, 0)) else 0
                    end as churn
            from lines, range({FIRST_YEAR} - 1, {LAST_YEAR} + 1) as years (y)
        ),
        walked as (
            select *,
                greatest(0, first_stock
                    + sum(step) over (partition by a, line_order order by y)) as stock
            from drawn
        ),
        changes as (
            select *, lag(stock) over (partition by a, line_order order by y) as stock_before
            from walked
        ),
        leaf_numbers as (
            select
                a, y, line_code, stock_before, stock,
                greatest(stock - stock_before, 0) + churn as made,
                greatest(stock_before - stock, 0) + churn as repealed,
                floor(scale * decisions * heavy(u('decided', a, y, line_order, 0))) as decisions,
                case when line_code = 'procurement'
                    then 1 + floor(scale * 3 * u('projects', a, y, 0, 0)) else 0 end as projects,
                case when line_code in ('fee', 'procurement') then round(
                    scale * 20000 * (0.1 + heavy(u('money', a, y, line_order, 0)))
                , case when u('cents', a, y, line_order, 0) < 0.5 then 0 else 2 end)
                    else 0 end as amount
            from changes
            where y >= {FIRST_YEAR}
        )
        select
            n, line_code,
            sum(stock_before)::bigint as stock_before,
            sum(stock)::bigint as stock,
            sum(made)::bigint as made,
            sum(repealed)::bigint as repealed,
            sum(decisions)::bigint as decisions,
            sum(projects)::bigint as projects,
            sum(amount::decimal(18, 2))::decimal(18, 2) as amount
        from leaf_numbers
        inner join shares using (a, y)
        group by n, line_code
    """)


def _write_chunk(connection: duckdb.DuckDBPyConnection, target: LandingFolder, chunk: int) -> None:
    selects = {
        "raw_reports": _reports(),
        "raw_disclosures": _disclosures(),
        "raw_requests": _requests(),
        "raw_reviews": _reviews(),
        "raw_narrative_figures": _narrative_figures(),
    }
    years = connection.sql("select distinct y from chunk_reports order by y").fetchall()
    for (year,) in years:
        connection.execute(
            f"create or replace table year_reports as select * from chunk_reports where y = {year}"
        )
        for table, select in selects.items():
            connection.execute(target.write(select, target.part(table, year, chunk)))


def _reports() -> str:
    return """
        select
            report_id, agency_id, agency_name, y::varchar as report_year, layout,
            '1' as revision,
            agency_name || y || '年政府信息公开工作年度报告（合成测试报告）' as title,
            format('{}-01-{:02d}', y + 1, 5 + n % 26) as published_on,
            null::varchar as source_url,
            'synthetic' as source_document,
            null::varchar as source_sha256,
            format('{}-04-01', y + 1) as landed_on
        from year_reports
        order by n
    """


def _requests() -> str:
    leaves = APPLICANT_COLUMNS[:-1]
    left_out = ", ".join(f"'{code}'" for code in LINES_LEFT_OUT)
    other_parts = ", ".join(f"'{code}'" for code in OTHER_PARTS)
    cells = ", ".join(
        f"case when numbers.{column} > 0 then numbers.{column}::varchar"
        + (
            " when leaves_zero_parts_blank then null"
            if column == "natural_person"
            else " when fills_few_columns or leaves_zero_parts_blank then null"
        )
        + f" else zero end as {column}"
        for column in leaves
    )
    total = " + ".join(f"numbers.{column}" for column in leaves)
    return f"""
        select
            report_id, lines.line_code, {cells},
            case
                when leaves_totals_blank and is_outcome then null
                when {total} > 0 then ({total})::varchar
                else zero
            end as total
        from year_reports
        inner join request_lines as lines
            on case when prints_others_as_one
                then lines.line_code not in ({other_parts})
                else lines.line_code <> 'other_processing' end
        left join request_numbers as numbers using (n, line_code)
        where not (leaves_out and lines.line_code in ({left_out}) and numbers.n is null)
        order by n, line_order
    """


def _reviews() -> str:
    results = RESULT_COLUMNS[:-1]
    cells = ", ".join(
        f"case when numbers.{result} > 0 then numbers.{result}::varchar"
        f" when leaves_zero_parts_blank then null else zero end as {result}"
        for result in results
    )
    total = " + ".join(f"numbers.{result}" for result in results)
    return f"""
        select
            report_id, channel, {cells},
            case when {total} > 0 then ({total})::varchar else zero end as total
        from year_reports
        cross join channels
        left join review_numbers as numbers using (n, channel)
        order by n, channel_order
    """


def _disclosures() -> str:
    return r"""
        with numbers as (
            select
                reports.*,
                cells.line_code, cells.measure_code, measures.kind,
                lines.line_order::integer as line_order,
                measures.measure_order::integer as measure_order,
                case cells.measure_code
                    when 'made' then made
                    when 'published' then made
                    when 'repealed' then repealed
                    when 'public_total' then stock
                    when 'in_force' then stock
                    when 'prior_items' then stock_before
                    when 'change' then stock - stock_before
                    when 'decisions' then decisions
                    when 'projects' then projects
                end as number,
                amount,
                drawn.n is null as has_nothing
            from year_reports as reports
            inner join form_cells as cells on reports.layout = cells.layout
            inner join form_lines as lines on cells.layout = lines.layout
                and lines.form_table = 'disclosures' and cells.line_code = lines.line_code
            inner join measures on cells.layout = measures.layout
                and cells.measure_code = measures.measure_code
            left join disclosure_numbers as drawn
                on reports.n = drawn.n and cells.line_code = drawn.line_code
        ),
        texts as (
            select *,
                abs(number)::varchar as digits,
                regexp_replace(amount::varchar, '[.]?0+$', '') as yuan,
                regexp_replace(
                    (amount * 0.0001::decimal(5, 4))::decimal(24, 6)::varchar, '[.]?0+$', ''
                ) as ten_thousand_yuan,
                case when words < 0.9 then '0' when words < 0.95 then null when words < 0.98
                    then '/' else '无' end as nothing
            from numbers
            where not (
                layout = '2021' and line_code = 'regulation' and has_nothing and others > 0.9
            )
        )
        select
            report_id, line_code, measure_code,
            case
                when kind = 'amount' and coalesce(amount, 0) = 0 then nothing
                when kind = 'amount' and layout = '2019' then
                    case when money < 0.4 then yuan || '元' when money < 0.55
                        then ten_thousand_yuan || '万元' else amount::varchar end
                when kind = 'amount' then
                    case when money < 0.05 then yuan || '元' when money < 0.1
                        then ten_thousand_yuan || '万元' else ten_thousand_yuan end
                when kind = 'change' and coalesce(number, 0) = 0 then
                    case when changes > 0.97 then '0/0' else nothing end
                when kind = 'change' and number > 0 then
                    case when changes < 0.6 then '' when changes < 0.8 then '+' when changes < 0.9
                        then '增' else '增加' end || digits
                when kind = 'change' then
                    case when changes < 0.75 then '-' when changes < 0.8 then '--'
                        when changes < 0.9 then '减' else '减少' end || digits
                when coalesce(number, 0) = 0 then nothing
                when line_code = 'normative_document' and u('unclear', a, y, measure_order, 0)
                    < 0.002 then '?'
                when measure_code = 'in_force' and number > 20 and u('remark', a, y, 0, 0) < 0.02
                    then digits || '（含自然失效' || (1 + number // 10) || '件）'
                when measure_code = 'projects' and words between 0.5 and 0.6 then digits || '笔'
                when measure_code in ('made', 'in_force') and words between 0.5 and 0.52
                    then digits || '件'
                else digits
            end as printed
        from texts
        order by n, line_order, measure_order
    """


def _narrative_figures() -> str:
    total = " + ".join(APPLICANT_COLUMNS[:-1])
    return f"""
        with requests as (
            select n, line_code, {total} as number from request_numbers
        ),
        figures as (
            select 1 as place, 'requests_received' as figure_code, 'new_requests' as line_code
            union all select 2, 'requests_carried_in', 'carried_in'
            union all select 3, 'requests_processed', 'total_processed'
            union all select 4, 'requests_granted', 'granted'
            union all select 5, 'requests_carried_out', 'carried_out'
        ),
        stated as (
            select n, report_id, a, y, words, place, figure_code, coalesce(number, 0) as number
            from year_reports
            cross join figures
            left join requests using (n, line_code)
            where prose < 0.5
            union all
            select n, report_id, a, y, words, 6, 'normative_made', coalesce(made, 0)
            from year_reports
            left join disclosure_numbers as numbers
                using (n)
            where prose < 0.5 and line_code = 'normative_document'
            union all
            select n, report_id, a, y, words, 7, 'normative_in_force', coalesce(stock, 0)
            from year_reports
            left join disclosure_numbers as numbers using (n)
            where prose < 0.5 and layout = '2021' and line_code = 'normative_document'
            union all
            select n, report_id, a, y, words, 8, 'reviews', upheld + corrected + other + pending
            from year_reports
            inner join review_numbers using (n)
            where prose < 0.5 and channel = 'review'
        )
        select
            report_id, figure_code,
            case
                when figure_code = 'requests_received' and number = 0 and words > 0.7 then '未收到'
                when words between 0.1 and 0.2 then number || '件'
                else number::varchar
            end as printed,
            'section 1 paragraph ' || (2 + place % 3) as locator
        from stated
        where u('stated', a, y, place, 0) < 0.6
        order by n, place
    """


def _one_row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.sql(sql).fetchone()
    if row is None:
        raise ValueError(f"The query gives no row: {sql}")
    return tuple(row)
