-- Every cell that a broken identity touches, whichever report it stands in: on the numbers as reported, and once
-- more on the corrected ones.
with corrected_checks as (

    select * from {{ whole('corrected_checks') }}

),

broken_as_reported as (

    select
        report_id,
        identity_id,
        slice
    from {{ whole('fct_identity_checks') }}
    where status = 'broken'

),

checks as (

    select
        broken_as_reported.report_id,
        broken_as_reported.identity_id,
        broken_as_reported.slice,
        1 as is_broken,
        case when coalesce(corrected_checks.status, 'broken') = 'broken' then 1 else 0 end as is_broken_on_values
    from broken_as_reported
    left join corrected_checks
        on
            broken_as_reported.report_id = corrected_checks.report_id
            and broken_as_reported.identity_id = corrected_checks.identity_id
            and broken_as_reported.slice = corrected_checks.slice
    union all
    select
        report_id,
        identity_id,
        slice,
        0 as is_broken,
        1 as is_broken_on_values
    from corrected_checks
    where is_newly_broken

),

reports as (

    select * from {{ ref('int_reports') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}
    where is_without_total

),

review_rows as (

    select * from {{ ref('int_review_rows') }}
    where is_without_total

),

rows_without_total as (

    select
        report_id,
        'requests' as form_table,
        line_code
    from request_rows
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code
    from review_rows

),

final as (

    select
        check_sources.source_report_id as report_id,
        identity_cells.form_table,
        identity_cells.line_code,
        identity_cells.column_code,
        cast(sum(checks.is_broken) as bigint) as broken_checks,
        cast(sum(checks.is_broken_on_values) as bigint) as broken_checks_on_values
    from checks
    inner join identity_cells
        on checks.identity_id = identity_cells.identity_id and checks.slice = identity_cells.slice
    inner join check_sources
        on
            checks.report_id = check_sources.report_id
            and identity_cells.scope = check_sources.scope
            and identity_cells.year_offset = check_sources.year_offset
    inner join reports on check_sources.source_report_id = reports.report_id
    left join rows_without_total
        on
            check_sources.source_report_id = rows_without_total.report_id
            and identity_cells.form_table = rows_without_total.form_table
            and identity_cells.line_code = rows_without_total.line_code
    where
        identity_cells.without_total is null
        or identity_cells.without_total = (rows_without_total.report_id is not null)
    group by 1, 2, 3, 4

)

select * from final
