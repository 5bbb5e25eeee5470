-- Each cell of the first explanations that has no correction, as long as a break that one of them mends stays a break.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '存疑单元格即更正后仍不成立的首位解释所指' %}
{% set title_en = 'doubtful_cells has the cells of the best explanations of what corrections leave broken' %}
with settled as (
    select report_id as check_report_id, identity_id, slice from quality.corrected_checks where status <> 'broken'
),

still_open as (
    from quality.mended_checks anti join settled using (check_report_id, identity_id, slice)
)

select distinct report_id, form_table, line_code, column_code
from quality.suspect_cells
semi join still_open using (report_id, hypothesis_id)
anti join (from intermediate.int_corrected_cells where value is not null)
    using (report_id, form_table, line_code, column_code)
where rank = 1
