-- What the screens saw: questions, not faults. They have no severity, so that a worklist of one has none.
select
    coalesce(agencies.province, '未列省份') as province,
    findings.*
from finding_words as findings
inner join marts.dim_agency as agencies using (agency_id)
where $severity is null and ($province is null or agencies.province = $province)
order by
    province, findings.agency_id, findings.report_year, findings.sanity_check_id, findings.form_table,
    findings.line_order, findings.column_order
