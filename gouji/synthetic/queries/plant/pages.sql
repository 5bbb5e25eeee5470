-- The reports that are wanted, in their order, each with the reports nearby.
select report_id, layout, last_report_id, other_report_id
from wanted
inner join nearby using (report_id)
order by place
