-- What the screens saw, the latest year first.
select
    findings.*,
    agencies.province,
    regions.province_code
from finding_words as findings
inner join marts.dim_agency as agencies using (agency_id)
left join marts.dim_region as regions using (region_code)
order by
    findings.report_year desc, findings.sanity_check_id, findings.report_id, findings.form_table,
    findings.line_order, findings.column_order
