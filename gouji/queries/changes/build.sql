-- A build and the one before it, which it is held against.
with builds as (
    select
        *,
        lag(published_at) over by_time as previous_published_at,
        lag(reports) over by_time as previous_reports
    from quality.run_history
    window by_time as (order by published_at)
)

select * from builds
order by published_at desc
limit 1
