-- Table 二, one row for each report, line and measure; money in yuan.
with cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

measures as (

    select distinct
        measure_code,
        unit
    from {{ ref('measures') }}

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}
    where form_table = 'disclosures'

),

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'disclosures'

),

doubtful_cells as (

    select * from {{ ref('doubtful_cells') }}
    where form_table = 'disclosures'

),

final as (

    select
        cells.report_id,
        reports.agency_id,
        reports.report_year,
        cells.line_code,
        cells.measure_code,
        measures.unit,
        coalesce(corrected_cells.value, cells.value) as value,
        cells.value as reported_value,
        cells.value_status,
        cells.printed_unit,
        cells.remark,
        coalesce(broken_cells.broken_checks, 0) = 0 as is_consistent,
        coalesce(broken_cells.broken_checks_on_values, 0) = 0 as value_is_consistent,
        reports.is_consolidated,
        doubtful_cells.report_id is not null as is_doubtful
    from cells
    inner join reports on cells.report_id = reports.report_id
    inner join measures on cells.measure_code = measures.measure_code
    left join corrected_cells
        on
            cells.report_id = corrected_cells.report_id
            and cells.line_code = corrected_cells.line_code
            and cells.measure_code = corrected_cells.column_code
    left join broken_cells
        on
            cells.report_id = broken_cells.report_id
            and cells.line_code = broken_cells.line_code
            and cells.measure_code = broken_cells.column_code
    left join doubtful_cells
        on
            cells.report_id = doubtful_cells.report_id
            and cells.line_code = doubtful_cells.line_code
            and cells.measure_code = doubtful_cells.column_code

)

select * from final
