-- The identities along the rows of table 三: both sides over the cells that hold a number, and the terms that hold none.
with request_rows as (

    select * from {{ ref('int_request_rows') }}

),

identity_terms as (

    select distinct
        identity_id,
        column_code,
        side,
        coefficient,
        missing_value_weight
    from {{ ref('int_identity_terms') }}
    where evaluated_by = 'row' and form_table = 'requests'

),

weights as (

    select
        identity_id,
        {{ weights_of_columns(applicant_columns()) }}
    from identity_terms
    group by identity_id

),

final as (

    select
        request_rows.report_id,
        weights.identity_id,
        request_rows.line_code as slice,
        {{ sums_along_rows(applicant_columns()) }}
    from request_rows
    cross join weights

)

select * from final
