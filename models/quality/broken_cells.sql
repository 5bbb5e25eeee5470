-- Every cell that a broken identity touches, whichever report it stands in.
with checks as (

    select * from {{ whole('fct_identity_checks') }}
    where status = 'broken'

),

reports as (

    select * from {{ ref('int_reports') }}

),

report_pairs as (

    select * from {{ whole('int_report_pairs') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

final as (

    select
        report_pairs.source_report_id as report_id,
        identity_terms.form_table,
        case when identities.slice_by = 'line' then checks.slice else identity_terms.line_code end as line_code,
        case when identities.slice_by = 'column' then checks.slice else identity_terms.column_code end
            as column_code,
        count(*) as broken_checks
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    inner join identity_terms on checks.identity_id = identity_terms.identity_id
    inner join report_pairs
        on
            checks.report_id = report_pairs.report_id
            and identity_terms.scope = report_pairs.scope
            and identity_terms.year_offset = report_pairs.year_offset
    inner join reports on report_pairs.source_report_id = reports.report_id
    group by 1, 2, 3, 4

)

select * from final
