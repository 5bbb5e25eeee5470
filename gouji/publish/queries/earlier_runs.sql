-- The builds before this one, and the issues of the last: CTEs of a query that has its own `issues`.
-- An issue is the same one as long as its report, identity and slice are.
{% if is_first %}
earlier_runs as (select null::timestamptz as published_at limit 0),
earlier_issues as (select * from issues limit 0)
{% else %}
earlier_runs as (select * from published.quality.run_history),
earlier_issues as (select distinct report_id, identity_id, slice from published.quality.issues)
{% endif %}
