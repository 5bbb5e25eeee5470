-- Which reports' totals break the arithmetic that the form prints, and by how much?
select report_id, difference
from quality.issues
where identity_id = 'requests.balance' and slice = 'total'
order by abs(difference) desc, report_id
limit 20;

with numbers as (
    -- a stroke is none
    select report_id, line_code, case when total in ('/', '—', '无') then 0 else try_cast(total as bigint) end as value
    from raw_requests
    where line_code in ('new_requests', 'carried_in', 'total_processed', 'carried_out')
),
totals as (
    select
        report_id,
        max(value) filter (line_code = 'new_requests') as new_requests,
        max(value) filter (line_code = 'carried_in') as carried_in,
        max(value) filter (line_code = 'total_processed') as processed,
        max(value) filter (line_code = 'carried_out') as carried_out
    from numbers
    group by report_id
),
compared as (
    select
        *,
        coalesce(new_requests, 0) + coalesce(carried_in, 0) - coalesce(processed, 0) - coalesce(carried_out, 0)
            as difference
    from totals
)
select report_id, difference
from compared
-- a blank on the smaller side may be what is missing
where difference < 0 and new_requests is not null and carried_in is not null
    or difference > 0 and processed is not null and carried_out is not null
order by abs(difference) desc, report_id
limit 20;
