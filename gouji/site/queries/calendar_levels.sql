-- How many reports of each year and level are on time, late, undated, not landed, and held though none is expected.
select
    calendar.report_year,
    agencies.level,
    count_if(calendar.state = 'on_time') as on_time,
    count_if(calendar.state = 'late') as late,
    count_if(calendar.state = 'undated') as undated,
    count_if(calendar.state = 'not_landed') as not_landed,
    count_if(calendar.state = 'not_expected') as not_expected,
    count_if(calendar.due_on is not null) as expected,
    count_if(calendar.state = 'on_time') / nullif(count_if(calendar.state in ('on_time', 'late')), 0) as on_time_share,
    max(calendar.days_late) as most_days_late
from marts.report_calendar as calendar
inner join marts.dim_agency as agencies using (agency_id)
group by calendar.report_year, agencies.level
order by
    calendar.report_year desc,
    list_position(['province', 'prefecture', 'county', 'township'], agencies.level)
