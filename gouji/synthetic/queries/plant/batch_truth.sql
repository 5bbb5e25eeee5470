-- A batch of faults added to the truth: what they change, what they break, what explains it.
insert into changes from batch_changes;
insert into fault_checks from batch_checks;
insert into explanations
select fault_id, count(distinct (report_id, form_table, line_code, column_code))
from batch_explanations
group by fault_id;
