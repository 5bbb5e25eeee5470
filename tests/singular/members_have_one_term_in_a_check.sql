-- int_cell_sums counts the members that it found by their terms.
select
    identity_id,
    slice,
    count(*) as terms
from {{ ref('int_identity_cells') }}
where scope = 'members'
group by identity_id, slice
having count(*) > 1
