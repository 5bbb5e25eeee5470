-- Members that were found are counted by their terms (int_cell_sums, int_request_rollup_sums), and their gaps by status
-- (int_unreported_terms, int_rollup_gap_patterns): a check of members has one term for them all, and one name for its terms.
with terms as (

    select * from {{ ref('int_identity_cells') }}

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
