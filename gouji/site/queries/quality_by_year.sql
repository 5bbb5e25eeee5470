-- How often each identity holds in each year, of the checks that can be assessed. Identities that no report of the
-- warehouse lets assess are left to the table of all identities.
select
    coverage.identity_id,
    coverage.family,
    coverage.severity,
    identities.title_zh,
    identities.title_en,
    coverage.report_year,
    coverage.checks,
    coverage.assessable,
    coverage.broken,
    coverage.acknowledged,
    coverage.not_assessable,
    coverage.held_rate
from quality.identity_coverage as coverage
inner join reference.identities as identities using (identity_id)
qualify sum(coverage.assessable) over (partition by coverage.identity_id) > 0
order by coverage.severity, coverage.family, coverage.identity_id, coverage.report_year
