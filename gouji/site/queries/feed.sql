-- The last 50 published builds, the latest first, each with the reports of the one before it.
select
    *,
    strftime(published_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as published_utc,
    strftime(min(published_at) over () at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as first_utc,
    lag(reports) over (order by published_at) as previous_reports
from quality.run_history
order by published_at desc
limit 50
