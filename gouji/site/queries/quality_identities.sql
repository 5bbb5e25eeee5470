-- Every identity over all years.
select
    identities.identity_id,
    identities.family,
    identities.severity,
    identities.title_zh,
    identities.title_en,
    coalesce(sum(coverage.checks), 0) as checks,
    coalesce(sum(coverage.assessable), 0) as assessable,
    coalesce(sum(coverage.held), 0) as held,
    coalesce(sum(coverage.held_if_blank_is_zero), 0) as held_if_blank_is_zero,
    coalesce(sum(coverage.broken), 0) as broken,
    coalesce(sum(coverage.acknowledged), 0) as acknowledged,
    coalesce(sum(coverage.not_assessable), 0) as not_assessable,
    coalesce(sum(coverage.assessable_as_printed), 0) as assessable_as_printed,
    sum(coverage.held + coverage.held_if_blank_is_zero) / nullif(sum(coverage.assessable), 0) as held_rate,
    sum(coverage.held_as_printed) / nullif(sum(coverage.assessable_as_printed), 0) as held_rate_as_printed
from reference.identities as identities
left join quality.identity_coverage as coverage using (identity_id)
group by all
order by identities.severity, identities.family, identities.identity_id
