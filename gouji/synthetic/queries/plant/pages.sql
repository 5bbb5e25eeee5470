-- The reports that are wanted, in their order, each with the one of the year before.
select wanted.report_id, reports.layout, links.report_id, last.layout
from wanted
inner join reports using (report_id)
left join links on wanted.report_id = links.check_report_id and whose = 'before'
left join reports as last on links.report_id = last.report_id
order by place
