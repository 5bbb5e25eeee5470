-- The identities with broken checks, those with most first.
select
    identity_id,
    identities.title_zh,
    count(*) as broken,
    count(distinct report_id) as reports,
    count_if(not is_acknowledged) as unacknowledged
from quality.fct_identity_checks as checks
inner join reference.identities as identities using (identity_id)
where checks.status = 'broken'
group by identity_id, identities.title_zh
order by broken desc, identity_id
