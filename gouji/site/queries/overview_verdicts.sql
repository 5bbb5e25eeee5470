-- Verdicts of each family of identities, one row for each verdict that a check can have.
with verdicts as (

    select
        identities.family,
        identities.severity,
        case
            when checks.status = 'broken' and checks.is_acknowledged then 'acknowledged'
            else checks.status
        end as verdict
    from quality.fct_identity_checks as checks
    inner join reference.identities as identities using (identity_id)

),

families as (

    select
        family,
        min(severity) as severity,
        count(*) as checks,
        count_if(verdict <> 'not_assessable') as assessable,
        count_if(verdict in ('holds', 'holds_if_blank_is_zero')) as held
    from verdicts
    group by family

),

kinds (verdict, verdict_order) as (

    values
        ('holds', 1), ('holds_if_blank_is_zero', 2), ('broken', 3), ('acknowledged', 4),
        ('not_assessable', 5)

),

counted as (

    select
        family,
        verdict,
        count(*) as counted
    from verdicts
    group by all

)

select
    families.family,
    families.severity,
    families.checks,
    families.assessable,
    families.held / nullif(families.assessable, 0) as held_rate,
    kinds.verdict,
    kinds.verdict_order,
    coalesce(counted.counted, 0) as counted,
    coalesce(counted.counted, 0) / families.checks as share
from families
cross join kinds
left join counted on families.family = counted.family and kinds.verdict = counted.verdict
order by families.severity, families.family, kinds.verdict_order
