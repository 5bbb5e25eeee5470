-- Reports that are not on time, at most so many: late ones first, those of the last year and the latest before others.
select
    calendar.agency_id,
    agencies.agency_name,
    agencies.province,
    agencies.level,
    calendar.report_year,
    calendar.report_id,
    calendar.due_on,
    calendar.published_on,
    calendar.state,
    calendar.days_late,
    count(*) over () as reports
from marts.report_calendar as calendar
inner join marts.dim_agency as agencies using (agency_id)
where calendar.state <> 'on_time'
order by
    list_position(['late', 'not_landed', 'undated', 'not_expected'], calendar.state),
    calendar.report_year desc,
    calendar.days_late desc,
    calendar.agency_id
limit $most
