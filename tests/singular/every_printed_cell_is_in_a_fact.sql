-- Nothing is lost on the way: every printed row that is no total has its cells in a fact. The cells of a row stand or
-- fall together, so that rows are looked for by one column, by report and line.
with printed_cells as (

    select * from {{ ref('printed_cells') }}

),

current_reports as (

    select * from {{ rows_of_increment(ref('int_reports'), ref('reports_rewritten'), 'has_new_facts') }}

),

lines as (

    select * from {{ ref('dim_form_line') }}
    where is_leaf

),

subtotals as (

    select
        report_id,
        line_code
    from {{ ref('int_request_rows') }}
    where is_subtotal

),

printed_rows as (

    select
        printed_cells.report_id,
        printed_cells.form_table,
        count(*) as cells
    from printed_cells
    inner join current_reports on printed_cells.report_id = current_reports.report_id
    inner join lines on printed_cells.line_code = lines.line_code
    left join subtotals
        on printed_cells.report_id = subtotals.report_id and printed_cells.line_code = subtotals.line_code
    where
        subtotals.report_id is null
        and (
            printed_cells.form_table = 'disclosures'
            or printed_cells.column_code in ('natural_person', 'upheld')
        )
    group by printed_cells.report_id, printed_cells.form_table

),

fact_rows as (

    select
        report_id,
        'requests' as form_table,
        count(*) as cells
    from {{ rows_of_increment(ref('fct_requests'), ref('reports_rewritten'), 'has_new_facts') }}
    where applicant_type = 'natural_person' and value_status <> 'absent'
    group by report_id
    union all
    select
        report_id,
        'reviews' as form_table,
        count(*) as cells
    from {{ rows_of_increment(ref('fct_review_litigation'), ref('reports_rewritten'), 'has_new_facts') }}
    where result = 'upheld' and value_status <> 'absent'
    group by report_id
    union all
    select
        report_id,
        'disclosures' as form_table,
        count(*) as cells
    from {{ rows_of_increment(ref('fct_published_items'), ref('reports_rewritten'), 'has_new_facts') }}
    where value_status <> 'absent'
    group by report_id

)

select
    coalesce(printed_rows.report_id, fact_rows.report_id) as report_id,
    coalesce(printed_rows.form_table, fact_rows.form_table) as form_table,
    printed_rows.cells as printed,
    fact_rows.cells as found
from printed_rows
full outer join fact_rows
    on printed_rows.report_id = fact_rows.report_id and printed_rows.form_table = fact_rows.form_table
where printed_rows.cells is distinct from fact_rows.cells
