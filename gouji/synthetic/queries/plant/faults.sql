-- Every cell that was changed, with the fault that it belongs to.
select
    report_id, fault_id, kind, form_table, line_code, column_code,
    printed_before, printed_after, value_before,
    fault_id in (select fault_id from fault_checks) as changes_identity,
    coalesce(explanations, 0) as explanations
from changes
left join explanations using (fault_id)
order by all
