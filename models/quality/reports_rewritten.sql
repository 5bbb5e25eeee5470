-- The reports whose facts or explanations this build writes anew. Facts: its cells differ, or other cells of it are in
-- broken checks. Explanations, where it has, or had, cells in broken checks: a check that looks at it, now or when it was
-- last explained, has new grounds; other cells of it are in broken checks; or an earlier report of its body has new cells,
-- from which a number may have been kept.
with touched_reports as (

    select * from {{ ref('int_touched_reports') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

all_broken_cells as (

    select * from {{ ref('broken_cells') }}

),

{% set before = relation_of('broken_cells_before') if is_increment() %}
all_broken_cells_before as (

    select * from {{ before.include(database=false) if before else 'all_broken_cells' }}
    {{ 'where 1 = 0' if not before }}

),

{% for moment in ['', '_before'] %}
    broken_cells{{ moment }} as (

        select * from all_broken_cells{{ moment }}
        where form_table <> 'narrative'

    ),

{% endfor %}
reports_with_breaks as (

    select report_id
    from all_broken_cells
    union
    select report_id
    from all_broken_cells_before

),

other_breaks as (

    select coalesce(broken_cells.report_id, broken_cells_before.report_id) as report_id
    from broken_cells
    full outer join broken_cells_before
        on
            broken_cells.report_id = broken_cells_before.report_id
            and broken_cells.form_table = broken_cells_before.form_table
            and broken_cells.line_code = broken_cells_before.line_code
            and broken_cells.column_code = broken_cells_before.column_code
    where broken_cells.report_id is null or broken_cells_before.report_id is null

),

{% set explained = relation_of('check_cells') if is_increment() %}
explained_anew as (

    select report_id
    from touched_reports
    union all
    select report_id
    from other_breaks
    union all
    select report_pairs.source_report_id as report_id
    from report_pairs
    inner join touched_reports on report_pairs.report_id = touched_reports.report_id
    {% for agency, year in [('agency_id', 'report_year'), ('agency_id_before', 'report_year_before')] %}
        union all
        select reports.report_id
        from reports
        inner join touched_reports
            on
                reports.agency_id = touched_reports.{{ agency }}
                and reports.report_year > touched_reports.{{ year }}
        where touched_reports.has_new_cells
    {% endfor %}
    {% if explained %}
        union all
        select report_id
        from {{ explained.include(database=false) }}
        where check_report_id in (select report_id from touched_reports)
    {% endif %}

),

reasons as (

    select
        report_id,
        1 as new_facts,
        0 as new_checks,
        0 as new_explanations
    from touched_reports
    where has_new_cells
    union all
    select
        report_id,
        1 as new_facts,
        0 as new_checks,
        0 as new_explanations
    from other_breaks
    union all
    select
        report_id,
        0 as new_facts,
        1 as new_checks,
        0 as new_explanations
    from touched_reports
    union all
    select
        explained_anew.report_id,
        0 as new_facts,
        0 as new_checks,
        1 as new_explanations
    from explained_anew
    inner join reports_with_breaks on explained_anew.report_id = reports_with_breaks.report_id

),

final as (

    select
        reasons.report_id,
        reports.report_year,
        touched_reports.report_year_before,
        max(reasons.new_facts) = 1 as has_new_facts,
        max(reasons.new_checks) = 1 as has_new_checks,
        max(reasons.new_explanations) = 1 as has_new_explanations
    from reasons
    left join reports on reasons.report_id = reports.report_id
    left join touched_reports on reasons.report_id = touched_reports.report_id
    group by reasons.report_id, reports.report_year, touched_reports.report_year_before

)

select * from final
