-- The cells that the terms of a broken check name, in the reports that it reads.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '不成立的勾稽关系与所涉单元格互相对应' %}
{% set title_en = 'A cell is broken just where a broken check reads it' %}
select
    source_report_id as report_id, terms.form_table, coalesce(terms.line_code, slice) as line_code,
    coalesce(terms.column_code, slice) as column_code, count(*) as broken_checks
from quality.fct_identity_checks
inner join reference.identity_terms as terms using (identity_id)
inner join intermediate.int_check_sources using (report_id, scope, year_offset)
where status = 'broken'
group by all
