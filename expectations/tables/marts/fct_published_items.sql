-- The cells of table 二.
{% set key = ['report_id', 'line_code', 'measure_code'] %}
{% set title_zh = 'fct_published_items 与表二各单元格一一对应' %}
{% set title_en = 'fct_published_items has the cells of table 二, each once, as printed and corrected' %}
select
    report_id, reports.agency_id, reports.report_year, line_code, measure_code, unit,
    coalesce(corrected.value, cells.value) as value, cells.value as reported_value, value_status, printed_unit,
    remark, coalesce(broken_checks, 0) = 0 as is_consistent,
    coalesce(broken_checks_on_values, 0) = 0 as value_is_consistent, reports.is_consolidated,
    (report_id, line_code, measure_code) in (
        select (report_id, line_code, column_code) from quality.doubtful_cells where form_table = 'disclosures'
    ) as is_doubtful
from intermediate.int_disclosure_cells as cells
inner join intermediate.int_reports as reports using (report_id)
left join (select distinct measure_code, unit from reference.measures) as units using (measure_code)
left join (select * rename (column_code as measure_code) from intermediate.int_corrected_cells
    where form_table = 'disclosures') as corrected using (report_id, line_code, measure_code)
left join (select * rename (column_code as measure_code) from quality.broken_cells
    where form_table = 'disclosures') as broken using (report_id, line_code, measure_code)
