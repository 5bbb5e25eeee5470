-- Every cell that a broken identity touches, whichever report it stands in: on the numbers as reported, and once more on
-- the corrected ones.
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

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

final as (

    select
        check_sources.source_report_id as report_id,
        identity_terms.form_table,
        case when identities.slice_by = 'line' then checks.slice else identity_terms.line_code end as line_code,
        case when identities.slice_by = 'column' then checks.slice else identity_terms.column_code end
            as column_code,
        cast(sum(checks.is_broken) as bigint) as broken_checks,
        cast(sum(checks.is_broken_on_values) as bigint) as broken_checks_on_values
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    inner join identity_terms on checks.identity_id = identity_terms.identity_id
    inner join check_sources
        on
            checks.report_id = check_sources.report_id
            and identity_terms.scope = check_sources.scope
            and identity_terms.year_offset = check_sources.year_offset
    inner join reports on check_sources.source_report_id = reports.report_id
    group by 1, 2, 3, 4

)

select * from final
