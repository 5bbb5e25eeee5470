-- Both sides of the identities of table 三 that are checked line by line, over the reported cells,
-- with the pattern of the terms that hold none. In an increment, of the checks that it makes anew.
with request_rows as (

    select * from {{ ref('int_request_rows') }}

),

identities as (

    select * from {{ ref('int_wide_identities') }}
    where form_table = 'requests' and slice_by = 'line' and is_within_table

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

weights as (

    select
        identity_terms.identity_id,
        {{ weights_of_columns(applicant_columns()) }}
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id
    group by identity_terms.identity_id

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
