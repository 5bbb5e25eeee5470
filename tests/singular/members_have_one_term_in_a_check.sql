-- Members that were found are counted by their terms (int_checks_by_cell, int_checks_requests_rollup), and their
-- missing values by status (macros/missing_values.sql): a check of members has one term for them all, and one name
-- for its terms.
with terms as (

    select * from {{ ref('int_identity_terms') }}

),

final as (

    select
        identity_id,
        slice,
        count(case when scope = 'members' then 1 end) as terms_of_members,
        count(distinct term_name) as names
    from terms
    group by identity_id, slice
    having
        count(case when scope = 'members' then 1 end) > 1
        or (count(case when scope = 'members' then 1 end) > 0 and count(distinct term_name) > 1)

)

select * from final
