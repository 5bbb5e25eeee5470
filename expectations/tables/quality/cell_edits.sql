-- An edit is of a cell that is in doubt, and begins from the number that is printed there.
{% set key = ['report_id', 'pattern', 'hypothesis', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '候选改动以存疑单元格的原值为起点' %}
{% set title_en = 'An edit begins from the number of a cell in doubt' %}
select distinct
    report_id, pattern, hypothesis, form_table, line_code, column_code, cells.value as reported_value, implied_value
from quality.cell_edits
inner join (
    select distinct report_id, form_table, line_code, column_code, value from quality.check_cells
) as cells using (report_id, form_table, line_code, column_code)
