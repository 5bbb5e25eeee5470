-- Every cell of the three tables of the reports that get a page.
select
    cells.report_id,
    cells.form_table,
    cells.line_code,
    cells.column_code,
    cells.value_status,
    printed_texts.printed,
    corrections.corrected
from intermediate.int_cells as cells
inner join report_pages using (report_id)
left join printed_texts using (report_id, form_table, line_code, column_code)
left join intermediate.int_corrections as corrections using (report_id, form_table, line_code, column_code)
where cells.form_table <> 'narrative'
order by cells.report_id
