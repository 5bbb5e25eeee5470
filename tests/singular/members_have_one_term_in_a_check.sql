-- int_cell_sums counts the members that it found by their terms, and int_unreported_terms their gaps by status: a check
-- of members has one term for them all, and one name for its terms.
select
    identity_id,
    slice,
    count(case when scope = 'members' then 1 end) as terms_of_members,
    count(distinct term_name) as names
from {{ ref('int_identity_cells') }}
where
    identity_id in (
        select identity_id
        from {{ ref('int_identity_cells') }}
        where scope = 'members'
    )
group by identity_id, slice
having count(case when scope = 'members' then 1 end) > 1 or count(distinct term_name) > 1
