-- Nothing is lost on the way: every printed cell that is no total has its row in a fact.
with printed_cells as (

    select * from {{ ref('printed_cells') }}

),

current_reports as (

    select * from {{ ref('int_reports') }}

),

lines as (

    select * from {{ ref('dim_form_line') }}

),

subtotals as (

    select
        report_id,
        line_code
    from {{ ref('int_request_rows') }}
    where is_subtotal

),

fact_cells as (

    select
        report_id,
        'requests' as form_table,
        line_code,
        applicant_type as column_code
    from {{ ref('fct_requests') }}
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        result as column_code
    from {{ ref('fct_review_litigation') }}
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code
    from {{ ref('fct_published_items') }}

)

select printed_cells.*
from printed_cells
inner join current_reports on printed_cells.report_id = current_reports.report_id
inner join lines on printed_cells.line_code = lines.line_code
left join subtotals
    on printed_cells.report_id = subtotals.report_id and printed_cells.line_code = subtotals.line_code
left join fact_cells
    on
        printed_cells.report_id = fact_cells.report_id
        and printed_cells.form_table = fact_cells.form_table
        and printed_cells.line_code = fact_cells.line_code
        and printed_cells.column_code = fact_cells.column_code
where
    fact_cells.report_id is null
    and lines.is_leaf
    and printed_cells.column_code <> 'total'
    and subtotals.report_id is null
