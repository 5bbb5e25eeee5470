-- A row for each published build: those of the file before, and this one.
create or replace table quality.run_history as
with issues as (select distinct report_id, identity_id, slice from quality.issues),

{% include 'publish/queries/earlier_runs.sql' %}

select * from earlier_runs
union all by name
select
    ?::timestamptz as published_at,
    ? as gouji_version,
    ? as dbt_version,
    ? as duckdb_version,
    ? as great_expectations_version,
    ? as input_sha256,
    ?::varchar as git_commit,
    ? as build_kind,
    (select count(*) from marts.dim_report where is_current) as reports,
    (select count(*) from marts.fct_requests) as request_rows,
    (select count(*) from marts.fct_review_litigation) as review_rows,
    (select count(*) from marts.fct_published_items) as published_item_rows,
    (select count(*) from quality.fct_identity_checks) as identity_checks,
    (select count(*) from quality.fct_identity_checks where status <> 'not_assessable')
        as assessable_checks,
    (select count(*) from quality.fct_identity_checks where status = 'broken') as broken_checks,
    (select count(*) from quality.fct_identity_checks where is_acknowledged)
        as acknowledged_checks,
    (select count(*) from issues anti join earlier_issues using (report_id, identity_id, slice))
        as issues_opened,
    (select count(*) from earlier_issues anti join issues using (report_id, identity_id, slice))
        as issues_closed,
    (select count(*) from issues semi join earlier_issues using (report_id, identity_id, slice))
        as issues_still_open,
    {% for why in reasons %}
    {% if is_first and why == 'landed' %}
    {# all of them: quality.value_changes does not repeat the facts #}
    {% for fact in ('fct_published_items', 'fct_requests', 'fct_review_litigation') %}
    (select count(*) from marts.{{ fact }} where value is not null or value_status <> 'absent'){{ ' +' if not loop.last }}
    {% endfor %}
    {% else %}
    (select count(*) from quality.value_changes where why = '{{ why }}')
    {% endif %}
        as values_{{ why }},
    {% endfor %}
    ?::date as as_of
order by published_at
