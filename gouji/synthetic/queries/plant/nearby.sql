-- For each report the one of the year before, which is in the same layout, and that of the next body in the same
-- layout and year.
create table nearby as
select
    reports.report_id, layout, links.report_id as last_report_id,
    lead(reports.report_id) over (partition by layout, report_year order by reports.report_id) as other_report_id
from reports
left join links on reports.report_id = links.check_report_id and whose = 'before' and not is_in_other_layout
