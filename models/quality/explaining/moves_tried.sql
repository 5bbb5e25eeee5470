-- In which ways table 三 of a report may be wrong as a whole: moves whose parts are all seen, each in an identity that
-- is broken in two slices or more (or has no slices); and, where any is broken, a table that is last year's or goes
-- on from it.
with checks as (

    select * from {{ whole('fct_identity_checks') }}
    where status = 'broken'

),

broken_cells as (

    select distinct report_id
    from {{ ref('broken_cells') }}
    where form_table = 'requests' and broken_checks > 0

),

reports as (

    select * from {{ ref('int_reports') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

table_moves as (

    select
        table_moves.*,
        identities.slice_by,
        count(*) over (partition by table_moves.move) as parts
    from {{ ref('table_moves') }} as table_moves
    inner join {{ ref('identities') }} as identities on table_moves.seen_in = identities.identity_id

),

identity_sources as (

    select distinct
        identity_id,
        scope,
        year_offset
    from {{ ref('identity_terms') }}

),

broken_slices as (

    select
        check_sources.source_report_id as report_id,
        checks.identity_id,
        checks.slice,
        count(*) over (partition by check_sources.source_report_id, checks.identity_id) as slices
    from checks
    inner join identity_sources on checks.identity_id = identity_sources.identity_id
    inner join check_sources
        on
            checks.report_id = check_sources.report_id
            and identity_sources.scope = check_sources.scope
            and identity_sources.year_offset = check_sources.year_offset
    inner join reports on check_sources.source_report_id = reports.report_id
    where checks.identity_id in (select table_moves.seen_in from table_moves)

),

moves_seen as (

    select
        broken_slices.report_id,
        table_moves.move
    from broken_slices
    inner join table_moves
        on
            broken_slices.identity_id = table_moves.seen_in
            and coalesce(table_moves.broken_slice, broken_slices.slice) = broken_slices.slice
    where broken_slices.slices > 1 or table_moves.slice_by = 'all'
    group by broken_slices.report_id, table_moves.move, table_moves.parts
    having count(distinct table_moves.part) = table_moves.parts

),

years as (

    select
        broken_cells.report_id,
        check_sources.source_report_id
    from broken_cells
    inner join check_sources on broken_cells.report_id = check_sources.report_id
    where check_sources.scope = 'own' and check_sources.year_offset = -1

),

request_rows as (

    select * from {{ whole('int_request_rows') }}
    where
        {{ is_among('report_id', 'years', 'report_id') }}
        or {{ is_among('report_id', 'years', 'source_report_id') }}

),

rows_of_both_years as (

    select
        years.report_id,
        least(
            {% for column in applicant_columns() %}
                own_rows.{{ column }} - last_years_rows.{{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as least_rise,
        greatest(
            {% for column in applicant_columns() %}
                own_rows.{{ column }} - last_years_rows.{{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as greatest_rise,
        last_years_rows.total as last_total
    from years
    inner join request_rows as own_rows on years.report_id = own_rows.report_id
    inner join request_rows as last_years_rows
        on years.source_report_id = last_years_rows.report_id and own_rows.line_code = last_years_rows.line_code
    where not own_rows.is_absent and not last_years_rows.is_absent

),

beside_last_year as (

    select
        report_id,
        max(greatest_rise) = 0 as is_same,
        max(last_total) > 0 as has_numbers
    from rows_of_both_years
    group by report_id
    having min(least_rise) >= 0

),

final as (

    select * from moves_seen
    union all
    select
        report_id,
        'cumulative' as move
    from beside_last_year
    where has_numbers
    union all
    select
        report_id,
        'table_of_last_year' as move
    from beside_last_year
    where is_same

)

select * from final
