{{ config(materialized='view') }}

-- The printed text of every cell, one join away from each fact row, with what stands beside the number.
with printed_cells as (

    select * from {{ ref('int_printed_cells') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

final as (

    select
        printed_cells.report_id,
        printed_cells.form_table,
        printed_cells.line_code,
        printed_cells.column_code,
        printed_cells.printed,
        numbers.printed_unit,
        numbers.remark
    from printed_cells
    left join numbers on printed_cells.printed = numbers.printed

)

select * from final
