-- A correction names a cell that is there, prints what the correction says it prints, and reads as a number.
with corrected_cells as (

    select * from {{ ref('int_corrections') }}

),

readable as (

    select * from {{ ref('int_corrected_cells') }}
    where value is not null

),

{% for table in ['requests', 'reviews', 'disclosures'] %}
    {{ table }} as (

        select * from {{ whole('stg_' ~ table) }}
        where report_id in (select corrected_cells.report_id from corrected_cells)

    ),

{% endfor %}
printed_cells as (

    {{ printed_cells_of('requests', 'reviews', 'disclosures') }}

)

select corrected_cells.*
from corrected_cells
left join printed_cells
    on
        corrected_cells.report_id = printed_cells.report_id
        and corrected_cells.form_table = printed_cells.form_table
        and corrected_cells.line_code = printed_cells.line_code
        and corrected_cells.column_code = printed_cells.column_code
left join readable
    on
        corrected_cells.report_id = readable.report_id
        and corrected_cells.form_table = readable.form_table
        and corrected_cells.line_code = readable.line_code
        and corrected_cells.column_code = readable.column_code
where
    printed_cells.report_id is null
    or readable.report_id is null
    or corrected_cells.printed is distinct from printed_cells.printed
