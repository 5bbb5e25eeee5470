-- What the editions that are not current print, of the reports that get a page.
select
    cells.report_id,
    cells.form_table,
    cells.line_code,
    cells.column_code,
    cells.printed
from marts.printed_cells as cells
inner join marts.dim_report as editions using (report_id)
inner join marts.dim_report as reports using (agency_id, report_year)
inner join report_pages on reports.report_id = report_pages.report_id
where reports.is_current and not editions.is_current
order by cells.report_id
