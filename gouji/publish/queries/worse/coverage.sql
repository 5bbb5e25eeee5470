-- Years of which fewer reports are held than in the build before, or a smaller share of those expected.
with {% for when, database in [('now', ''), ('before', earlier)] %}held_{{ when }} as (
    select
        report_year,
        count(report_id) as reports,
        count(*) filter (due_on is not null) as due,
        count(report_id) filter (due_on is not null) as held
    from {{ database }}marts.report_calendar
    group by report_year
){{ ',' if not loop.last }}

{% endfor %}
select
    report_year,
    coalesce(held_now.reports, 0) as reports,
    held_before.reports as reports_before,
    coalesce(held_now.held, 0) as held,
    coalesce(held_now.due, held_before.due) as due,
    held_before.held as held_before,
    held_before.due as due_before
from held_before
left join held_now using (report_year)
where
    coalesce(held_now.reports, 0) < held_before.reports
    or coalesce(held_now.held, 0) * held_before.due < held_before.held * coalesce(held_now.due, held_before.due)
order by report_year
