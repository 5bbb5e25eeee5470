-- The checks of each family of identities by verdict.
select
    identities.family,
    count_if(status = 'holds') as held,
    count_if(status = 'holds_if_blank_is_zero') as held_if_blank_is_zero,
    count_if(status = 'broken') as broken,
    count_if(is_acknowledged) as acknowledged,
    count_if(status = 'not_assessable') as not_assessable
from quality.fct_identity_checks as checks
inner join reference.identities as identities using (identity_id)
group by identities.family
order by identities.family
