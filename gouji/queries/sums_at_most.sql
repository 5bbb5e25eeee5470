-- How large the sums of these reports can be. The range spares the view the cells of all others.
select *
from intermediate.int_sums_at_most
where report_id between list_min($reports) and list_max($reports) and report_id in (select unnest($reports))
