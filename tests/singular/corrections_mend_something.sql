{{ config(severity='warn') }}

-- A correction that mends no broken check is worth a second look.
with corrections as (

    select * from {{ ref('corrections') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

mended_checks as (

    select * from {{ ref('corrected_checks') }}
    where is_mended

),

mending_corrections as (

    select distinct
        corrections.report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code
    from corrections
    inner join identity_terms
        on
            corrections.form_table = identity_terms.form_table
            and corrections.line_code = coalesce(identity_terms.line_code, corrections.line_code)
            and corrections.column_code = coalesce(identity_terms.column_code, corrections.column_code)
    inner join identities on identity_terms.identity_id = identities.identity_id
    inner join report_pairs
        on
            corrections.report_id = report_pairs.source_report_id
            and identity_terms.scope = report_pairs.scope
            and identity_terms.year_offset = report_pairs.year_offset
    inner join mended_checks
        on
            report_pairs.report_id = mended_checks.report_id
            and identity_terms.identity_id = mended_checks.identity_id
            and mended_checks.slice = case identities.slice_by
                when 'column' then corrections.column_code
                when 'line' then corrections.line_code
                else 'all'
            end

)

select corrections.*
from corrections
left join mending_corrections
    on
        corrections.report_id = mending_corrections.report_id
        and corrections.form_table = mending_corrections.form_table
        and corrections.line_code = mending_corrections.line_code
        and corrections.column_code = mending_corrections.column_code
where mending_corrections.report_id is null
