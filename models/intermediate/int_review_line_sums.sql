-- Both sides of the identities along a row of table 四, over the reported cells, with the pattern of the terms that hold
-- none. In an increment, of the checks that it makes anew.
with review_rows as (

    select * from {{ ref('int_review_rows') }}

),

identities as (

    select * from {{ ref('int_wide_identities') }}
    where form_table = 'reviews'

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

weights as (

    select
        identity_terms.identity_id,
        identity_terms.line_code,
        {{ weights_of_columns(result_columns()) }}
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id
    group by identity_terms.identity_id, identity_terms.line_code

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
