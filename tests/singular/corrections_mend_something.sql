{{ config(severity='warn') }}

-- A correction that mends no broken check is worth a second look.
with corrections as (

    select * from {{ ref('int_corrections') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

mended_checks as (

    select * from {{ whole('corrected_checks') }}
    where is_mended

),

mending_corrections as (

    select distinct
        corrections.report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code
    from corrections
    inner join identity_cells
        on
            corrections.form_table = identity_cells.form_table
            and corrections.line_code = identity_cells.line_code
            and corrections.column_code = identity_cells.column_code
    inner join check_sources
        on
            corrections.report_id = check_sources.source_report_id
            and identity_cells.scope = check_sources.scope
            and identity_cells.year_offset = check_sources.year_offset
    inner join mended_checks
        on
            check_sources.report_id = mended_checks.report_id
            and identity_cells.identity_id = mended_checks.identity_id
            and identity_cells.slice = mended_checks.slice

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
