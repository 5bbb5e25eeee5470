{{ config(materialized='view') }}

-- Every cell of the three tables, and every figure in the prose, that holds no number, and why.
with cells as (

    select * from {{ ref('int_cells') }}

),

final as (

    select
        report_id,
        form_table,
        line_code,
        column_code,
        value_status,
        is_subtotal
    from cells
    where value_status <> 'reported'

)

select * from final
