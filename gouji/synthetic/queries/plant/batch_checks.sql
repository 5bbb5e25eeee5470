-- The checks that the faults of a batch break.
create or replace table batch_checks as
select distinct fault_id, verdicts.report_id, verdicts.identity_id, verdicts.slice
from verdicts
inner join term_cells using (report_id, identity_id, slice)
inner join batch_changes
    on term_cells.cell_report_id = batch_changes.report_id
    and term_cells.form_table = batch_changes.form_table
    and term_cells.line_code = batch_changes.line_code
    and term_cells.column_code = batch_changes.column_code
where verdicts.status = 'broken'
