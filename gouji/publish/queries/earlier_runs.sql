-- The builds before this one, and the issues of the last: CTEs of a query that has its own `issues`.
-- An issue is the same one as long as its report, identity and slice are.
{% if is_first %}
earlier_runs as (
    select
        null::timestamptz as published_at, null::varchar as gouji_version,
        null::varchar as dbt_version, null::varchar as duckdb_version,
        null::varchar as great_expectations_version, null::varchar as input_sha256,
        null::varchar as git_commit,
        null::varchar as build_kind,
        null::bigint as reports, null::bigint as request_rows, null::bigint as review_rows,
        null::bigint as published_item_rows, null::bigint as identity_checks,
        null::bigint as assessable_checks, null::bigint as broken_checks,
        null::bigint as acknowledged_checks,
        null::bigint as issues_opened, null::bigint as issues_closed,
        null::bigint as issues_still_open
    limit 0
),
earlier_issues as (select * from issues limit 0)
{% else %}
earlier_runs as (select * from published.quality.run_history),
earlier_issues as (select distinct report_id, identity_id, slice from published.quality.issues)
{% endif %}
