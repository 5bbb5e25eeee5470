-- Verdicts of each family of identities, one row for each verdict that a check can have.
with families as (

    select
        family,
        min(severity) as severity,
        sum(checks) as checks,
        sum(assessable) as assessable,
        sum(held) as holds,
        sum(held_if_blank_is_zero) as holds_if_blank_is_zero,
        sum(broken) - sum(acknowledged) as broken,
        sum(acknowledged) as acknowledged,
        sum(not_assessable) as not_assessable
    from quality.identity_coverage
    group by family

),

kinds (verdict, verdict_order) as (

    values
        ('holds', 1), ('holds_if_blank_is_zero', 2), ('broken', 3), ('acknowledged', 4),
        ('not_assessable', 5)

),

counted as (

    unpivot families on holds, holds_if_blank_is_zero, broken, acknowledged, not_assessable
    into name verdict value counted

)

select
    counted.family,
    counted.severity,
    cast(counted.checks as bigint) as checks,
    cast(counted.assessable as bigint) as assessable,
    sum(counted.counted) filter (where counted.verdict like 'holds%') over (partition by counted.family)
    / nullif(counted.assessable, 0) as held_rate,
    counted.verdict,
    kinds.verdict_order,
    cast(counted.counted as bigint) as counted,
    counted.counted / counted.checks as share
from counted
inner join kinds using (verdict)
order by counted.severity, counted.family, kinds.verdict_order
