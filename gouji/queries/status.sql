-- What a published warehouse says of itself, in one row: its last build, how fresh it is, what is open.
with last_build as (
    select published_at, build_kind, issues_opened, issues_closed
    from quality.run_history
    order by published_at desc
    limit 1
),

reports as (
    select
        count(*) filter (is_current) as reports,
        count(distinct agency_id) as agencies,
        max(landed_on) as landed_on,
        max(report_year) as last_year,
        count(*) filter (is_current and report_year = (select max(report_year) from marts.dim_report))
            as of_last_year
    from marts.dim_report
),

causes as (
    {% include 'queries/causes.sql' %}

),

decisions as (
    select count(*) as expiring, min(expires_on) as first_expiring
    from stewardship.acknowledged_issues
    where expires_on < current_date + 30
)

select * from last_build, reports, causes, decisions
