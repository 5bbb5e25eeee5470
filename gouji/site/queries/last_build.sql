-- The build that the site shows, and the one before it.
with builds as (

    select
        *,
        lag(published_at) over by_time as previous_published_at,
        lag(reports) over by_time as previous_reports,
        row_number() over by_time = 1 as is_first,
        row_number() over (order by published_at desc) = 1 as is_last
    from quality.run_history
    window by_time as (order by published_at)

)

select * from builds
where is_last
