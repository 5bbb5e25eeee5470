-- The cells whose numbers are in doubt: those that a best explanation of a break names, where a check that it mends is
-- still broken on the corrected numbers. A cell with a correction has its number from the evidence for it.
with suspect_cells as (

    select * from {{ ref('suspect_cells') }}
    where rank = 1

),

mended_checks as (

    select * from {{ ref('mended_checks') }}

),

corrected_checks as (

    select * from {{ ref('corrected_checks') }}

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}
    where value is not null

),

open_explanations as (

    select distinct
        mended_checks.report_id,
        mended_checks.hypothesis_id
    from mended_checks
    left join corrected_checks
        on
            mended_checks.check_report_id = corrected_checks.report_id
            and mended_checks.identity_id = corrected_checks.identity_id
            and mended_checks.slice = corrected_checks.slice
    where coalesce(corrected_checks.status, 'broken') = 'broken'

),

final as (

    select distinct
        suspect_cells.report_id,
        suspect_cells.form_table,
        suspect_cells.line_code,
        suspect_cells.column_code
    from suspect_cells
    inner join open_explanations
        on
            suspect_cells.report_id = open_explanations.report_id
            and suspect_cells.hypothesis_id = open_explanations.hypothesis_id
    left join corrected_cells
        on
            suspect_cells.report_id = corrected_cells.report_id
            and suspect_cells.form_table = corrected_cells.form_table
            and suspect_cells.line_code = corrected_cells.line_code
            and suspect_cells.column_code = corrected_cells.column_code
    where corrected_cells.report_id is null

)

select * from final
