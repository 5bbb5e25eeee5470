-- What the screens saw in the reports that get a page.
select findings.*
from finding_words as findings
inner join report_pages using (report_id)
order by
    findings.report_id, findings.sanity_check_id, findings.form_table, findings.line_order, findings.column_order
