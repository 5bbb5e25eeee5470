-- Table 二, cell by cell in one vocabulary over both layouts; money in yuan, whatever unit is printed.
-- A cell that the layout has and the document does not is there as `absent`.
with disclosures as {{ read_in_place() }} (

    select * from {{ ref('stg_disclosures') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

form_cells as (

    select * from {{ ref('form_cells') }}

),

measures as (

    select * from {{ ref('int_measures') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

printed_cells as (

    select
        disclosures.report_id,
        reports.report_year,
        disclosures.line_code,
        disclosures.measure_code,
        {{ disclosure_value('measures.kind', 'numbers', 'measures.form_factor') }} as value,
        case
            when disclosures.printed is null then 'blank'
            when measures.kind = 'amount' then numbers.amount_status
            when measures.kind = 'change' then numbers.change_status
            else numbers.count_status
        end as value_status,
        numbers.printed_unit,
        numbers.remark
    from disclosures
    inner join reports on disclosures.report_id = reports.report_id
    -- every layout has every measure; an inner join would meet reports and measures first
    left join measures
        on reports.layout = measures.layout and disclosures.measure_code = measures.measure_code
    left join numbers on disclosures.printed = numbers.printed

),

{{ incomplete_reports('disclosures', 'form_cells', ['line_code', 'measure_code']) }},

disclosures_incomplete as (

    select
        disclosures.report_id,
        disclosures.line_code,
        disclosures.measure_code
    from disclosures
    inner join incomplete_reports on disclosures.report_id = incomplete_reports.report_id

),

absent_cells as (

    select
        incomplete_reports.report_id,
        incomplete_reports.report_year,
        form_cells.line_code,
        form_cells.measure_code,
        cast(null as decimal(28, 4)) as value,
        'absent' as value_status,
        cast(null as {{ dbt.type_string() }}) as printed_unit,
        cast(null as {{ dbt.type_string() }}) as remark
    from incomplete_reports
    inner join form_cells on incomplete_reports.layout = form_cells.layout
    left join disclosures_incomplete
        on
            incomplete_reports.report_id = disclosures_incomplete.report_id
            and form_cells.line_code = disclosures_incomplete.line_code
            and form_cells.measure_code = disclosures_incomplete.measure_code
    where disclosures_incomplete.report_id is null

),

final as (

    select * from printed_cells
    union all
    select * from absent_cells

)

select * from final
