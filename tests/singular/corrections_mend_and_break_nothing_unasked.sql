-- A correction that breaks a check which held, or mends none, is no correction: it stands in the seed on purpose or not
-- at all.
with corrections as (

    select * from {{ ref('int_corrections') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

reports_corrected as (

    select distinct report_id
    from corrections

),

{{ rows_of_cells('reports_corrected') }}
cells as (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

),

corrected_checks as (

    select * from {{ whole('corrected_checks') }}

),

checks_of_corrections as (

    select
        corrections.report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code,
        corrected_checks.is_mended,
        case
            when corrected_checks.is_newly_broken and corrected_checks.reported_status <> 'not_assessable'
                then concat(
                    corrected_checks.report_id, ' ', corrected_checks.identity_id, ' ', corrected_checks.slice
                )
        end as broken_check
    from corrections
    inner join identity_cells
        on
            corrections.form_table = identity_cells.form_table
            and corrections.line_code = identity_cells.line_code
            and corrections.column_code = identity_cells.column_code
    inner join cells
        on
            corrections.report_id = cells.report_id
            and corrections.form_table = cells.form_table
            and corrections.line_code = cells.line_code
            and corrections.column_code = cells.column_code
    inner join check_sources
        on
            corrections.report_id = check_sources.source_report_id
            and identity_cells.scope = check_sources.scope
            and identity_cells.year_offset = check_sources.year_offset
    inner join corrected_checks
        on
            check_sources.report_id = corrected_checks.report_id
            and identity_cells.identity_id = corrected_checks.identity_id
            and identity_cells.slice = corrected_checks.slice
    where {{ reads_cell_of_source('identity_cells', 'cells', 'check_sources') }}

),

effects as (

    select
        report_id,
        form_table,
        line_code,
        column_code,
        min(broken_check) as broken_check,
        max(case when is_mended then 1 else 0 end) as mends
    from checks_of_corrections
    group by report_id, form_table, line_code, column_code

),

final as (

    select
        corrections.named_report_id as report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code,
        corrections.printed,
        corrections.corrected,
        case
            when effects.broken_check is not null then concat('breaks ', effects.broken_check)
            when coalesce(effects.mends, 0) = 0 then 'mends no broken check'
        end as problem
    from corrections
    left join effects
        on
            corrections.report_id = effects.report_id
            and corrections.form_table = effects.form_table
            and corrections.line_code = effects.line_code
            and corrections.column_code = effects.column_code
    where not coalesce(corrections.on_purpose, false)

)

select * from final
where problem is not null
