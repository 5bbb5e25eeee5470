-- The identities along a row of table 四: both sides over the cells that hold a number, and the terms that hold none.
with review_rows as (

    select * from {{ ref('int_review_rows') }}

),

identity_terms as (

    select * from {{ ref('int_identity_terms') }}
    where evaluated_by = 'row' and form_table = 'reviews'

),

weights as (

    select
        identity_id,
        line_code,
        {{ weights_of_columns(result_columns()) }}
    from identity_terms
    group by identity_id, line_code

),

final as (

    select
        review_rows.report_id,
        weights.identity_id,
        'all' as slice,
        {{ sums_along_rows(result_columns()) }}
    from review_rows
    inner join weights on review_rows.channel = weights.line_code

)

select * from final
