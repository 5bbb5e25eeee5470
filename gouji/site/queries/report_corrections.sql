-- Corrections that stewards recorded, with the words of their cells.
select
    corrections.report_id,
    corrections.form_table,
    corrections.line_code,
    corrections.column_code,
    corrections.printed,
    corrections.corrected,
    corrections.evidence,
    corrections.corrected_by,
    corrections.corrected_on,
    line_words.line_zh,
    line_words.line_en,
    column_words.column_zh,
    column_words.column_en
from intermediate.int_corrections as corrections
inner join report_pages using (report_id)
inner join marts.dim_report as reports using (report_id)
left join line_words using (layout, form_table, line_code)
left join column_words using (layout, form_table, column_code)
order by corrections.report_id, corrections.form_table, line_words.line_order, column_words.column_order
