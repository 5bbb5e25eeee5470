with reports as (

    select
        count(*) as reports,
        count(distinct agency_id) as agencies,
        min(report_year) as first_year,
        max(report_year) as last_year
    from marts.dim_report
    where is_current

),

checks as (

    select
        sum(checks) as checks,
        sum(assessable) as assessable,
        sum(held) as held,
        sum(held_if_blank_is_zero) as held_if_blank_is_zero,
        sum(broken) - sum(acknowledged) as broken,
        sum(acknowledged) as acknowledged,
        sum(not_assessable) as not_assessable
    from quality.identity_coverage

),

issues as (

    select count(distinct report_id) as reports_with_issues
    from quality.issues

),

cells as (

    -- of table three, a year's cells are counted already
    select
        (select sum(cells_reported) from marts.requests_year) as numbers,
        count(*) filter (is_doubtful) as doubtful
    from marts.fct_requests
    {% for fact in ['fct_review_litigation', 'fct_published_items'] %}
        union all
        select count(value) as numbers, count(*) filter (is_doubtful) as doubtful
        from marts.{{ fact }}
    {% endfor %}

),

doubts as (

    select sum(numbers) as numbers, sum(doubtful) as doubtful, sum(doubtful) / nullif(sum(numbers), 0) as doubtful_share
    from cells

),

findings as (

    select count(*) as findings
    from quality.sanity_findings

)

select *
from reports
cross join checks
cross join issues
cross join doubts
cross join findings
