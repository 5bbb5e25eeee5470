-- Nothing is lost on the way: every printed row that is no total has its cells in a fact. The cells of a row stand or
-- fall together, so that one cell of each is looked for.
{{ config(meta={'batch': 'fact_batch'}) }}
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

current_reports as (

    select * from {{ ref('int_reports') }}

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

rows_printed as (

    select
        report_id,
        'requests' as form_table,
        line_code
    from requests
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code
    from reviews
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code
    from disclosures

),

printed_rows as (

    select
        rows_printed.report_id,
        rows_printed.form_table,
        count(*) as cells
    from rows_printed
    inner join current_reports on rows_printed.report_id = current_reports.report_id
    inner join lines on rows_printed.line_code = lines.line_code
    left join subtotals
        on rows_printed.report_id = subtotals.report_id and rows_printed.line_code = subtotals.line_code
    where subtotals.report_id is null
    group by rows_printed.report_id, rows_printed.form_table

),

fact_rows as (

    select
        report_id,
        'requests' as form_table,
        count(*) as cells
    from {{ ref('fct_requests') }}
    where applicant_type = 'natural_person' and value_status <> 'absent'
    group by report_id
    union all
    select
        report_id,
        'reviews' as form_table,
        count(*) as cells
    from {{ ref('fct_review_litigation') }}
    where result = 'upheld' and value_status <> 'absent'
    group by report_id
    union all
    select
        report_id,
        'disclosures' as form_table,
        count(*) as cells
    from {{ ref('fct_published_items') }}
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
