-- The cells that the terms of a broken check name, in the reports that it reads; and of one that is broken when corrected.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '不成立的勾稽关系与所涉单元格互相对应' %}
{% set title_en = 'A cell is broken just where a broken check reads it' %}
select
    int_check_sources.source_report_id as report_id, terms.form_table, coalesce(terms.line_code, slice) as line_code,
    -- a total that is blank is read in its parts
    coalesce(part, terms.column_code, slice) as column_code, count_if(checks.status = 'broken') as broken_checks,
    count_if(coalesce(corrected.status, checks.status) = 'broken') as broken_checks_on_values
from quality.fct_identity_checks as checks
left join (select report_id, identity_id, slice, status from quality.corrected_checks) as corrected
    using (report_id, identity_id, slice)
inner join reference.identity_terms as terms using (identity_id)
inner join intermediate.int_check_sources using (report_id, scope, year_offset)
left join (
    -- the reading as a column, for a join on anything but equals compares every term with every part
    select
        'total_or_parts' as reading, report_id as source_report_id, 'requests' as form_table, line_code,
        parts.applicant_type as part
    from intermediate.int_request_rows cross join reference.applicant_types as parts
    where is_without_total and kind = 'leaf'
    union all
    select 'total_or_parts', report_id, 'reviews', channel, code
    from intermediate.int_review_rows cross join reference.channels_results
    where is_without_total and dimension = 'result' and kind = 'leaf'
) as parts
    on
        terms.reading = parts.reading and int_check_sources.source_report_id = parts.source_report_id
        and terms.form_table = parts.form_table and coalesce(terms.line_code, slice) = parts.line_code
where 'broken' in (checks.status, corrected.status)
group by all
