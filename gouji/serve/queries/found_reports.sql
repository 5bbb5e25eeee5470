-- The report of an id, those whose ids begin so, and the reports of the bodies that were found; of the years that were
-- named, where one was.
with found as (

    select reports.*
    from reports
    where agency_id in (select unnest($agencies))
    union
    select reports.*
    from reports
    where length($id) >= 6 and report_id >= $id and report_id < $id || '~'

)

select
    report_id,
    agency_id,
    agency_name,
    report_year,
    open_issues
from found
where len($years) = 0 or list_contains($years, report_year)
order by
    report_id <> $id,
    list_position($agencies, agency_id) nulls last,
    agency_id,
    report_year desc
limit $most
