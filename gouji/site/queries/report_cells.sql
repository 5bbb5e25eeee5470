-- Every cell of the three tables of the reports that get a page.
select
    cells.report_id,
    cells.form_table,
    cells.line_code,
    cells.column_code,
    cells.value_status,
    printed_texts.printed,
    corrections.corrected,
    findings.report_id is not null as is_undistributed
from intermediate.int_cells as cells
inner join report_pages using (report_id)
left join printed_texts using (report_id, form_table, line_code, column_code)
left join intermediate.int_corrections as corrections using (report_id, form_table, line_code, column_code)
left join quality.sanity_findings as findings
    on
        findings.sanity_check_id = 'undistributed_total'
        and cells.report_id = findings.report_id
        and cells.form_table = findings.form_table
        and cells.line_code = findings.line_code
        and cells.column_code = findings.column_code
where cells.form_table <> 'narrative'
order by cells.report_id
