-- A row of table 三 is six cells of fct_requests, one for each applicant type: none lost, none twice. With the key of
-- the rows and that of one applicant type's cells this makes the key of all cells.
{{ config(meta={'batch': 'fact_batch'}) }}
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}
    where not is_subtotal

),

form_lines as (

    select * from {{ ref('dim_form_line') }}
    where is_leaf

),

applicant_types as (

    select * from {{ ref('dim_applicant_type') }}

),

cells as (

    select * from {{ ref('fct_requests') }}

),

leaf_rows as (

    select
        rows_of_requests.report_id,
        count(*) as rows_found
    from rows_of_requests
    inner join form_lines on rows_of_requests.line_code = form_lines.line_code
    group by rows_of_requests.report_id

),

expected as (

    select
        leaf_rows.report_id,
        applicant_types.applicant_type,
        leaf_rows.rows_found
    from leaf_rows
    cross join applicant_types

),

found as (

    select
        report_id,
        applicant_type,
        count(*) as cells
    from cells
    group by report_id, applicant_type

)

select
    coalesce(expected.report_id, found.report_id) as report_id,
    coalesce(expected.applicant_type, found.applicant_type) as applicant_type,
    expected.rows_found,
    found.cells
from expected
full outer join found on expected.report_id = found.report_id and expected.applicant_type = found.applicant_type
where expected.rows_found is distinct from found.cells
