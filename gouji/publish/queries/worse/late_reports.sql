-- Reports that came late, or whose day has passed and that are not landed, as they were not in the build before
-- by the day on which somebody last looked.
with calendar as (
    select *, state = 'late' or (state = 'not_landed' and due_on < $today) as is_late
    from marts.report_calendar
),

calendar_before as (
    select *, state = 'late' or (state = 'not_landed' and due_on < $since) as is_late
    from {{ earlier }}marts.report_calendar
)

select calendar.report_year, calendar.agency_id, calendar.state, calendar.due_on, calendar.days_late
from calendar
left join calendar_before using (agency_id, report_year)
where calendar.is_late and not coalesce(calendar_before.is_late, false)
order by calendar.report_year desc, calendar.agency_id
