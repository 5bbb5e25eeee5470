-- The cells that the terms of a broken check name, in the reports that it reads; and of one that is broken when corrected.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '不成立的勾稽关系与所涉单元格互相对应' %}
{% set title_en = 'A cell is broken just where a broken check reads it' %}
select
    source_report_id as report_id, terms.form_table, coalesce(terms.line_code, slice) as line_code,
    coalesce(terms.column_code, slice) as column_code, count_if(checks.status = 'broken') as broken_checks,
    count_if(coalesce(corrected.status, checks.status) = 'broken') as broken_checks_on_values
from quality.fct_identity_checks as checks
left join (select report_id, identity_id, slice, status from quality.corrected_checks) as corrected
    using (report_id, identity_id, slice)
inner join reference.identity_terms as terms using (identity_id)
inner join intermediate.int_check_sources using (report_id, scope, year_offset)
where 'broken' in (checks.status, corrected.status)
group by all
