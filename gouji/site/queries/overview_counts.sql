with reports as (

    select
        count(*) as reports,
        count(distinct agency_id) as agencies,
        min(report_year) as first_year,
        max(report_year) as last_year,
        count_if(is_consolidated) as consolidated,
        count_if(evidence is distinct from 'decoded') as read_as_printed
    from marts.dim_report
    where is_current

),

checks as (

    select
        count(*) as checks,
        count_if(status <> 'not_assessable') as assessable,
        count_if(status = 'holds') as held,
        count_if(status = 'holds_if_blank_is_zero') as held_if_blank_is_zero,
        count_if(status = 'broken' and not is_acknowledged) as broken,
        count_if(status = 'broken' and is_acknowledged) as acknowledged,
        count_if(status = 'not_assessable') as not_assessable,
        count(distinct report_id) filter (status = 'broken') as reports_with_issues
    from quality.fct_identity_checks

),

cells as (

    {% for fact in ['fct_requests', 'fct_review_litigation', 'fct_published_items'] %}
        select count(value) as numbers, count_if(is_doubtful) as doubtful
        from marts.{{ fact }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

doubts as (

    select sum(numbers) as numbers, sum(doubtful) as doubtful, sum(doubtful) / nullif(sum(numbers), 0) as doubtful_share
    from cells

),

causes as (

    select count(distinct root_cause_id) as causes
    from quality.issues

)

select *
from reports
cross join checks
cross join causes
cross join doubts
