-- The explanations of each cause with their cells, best first: what mends most, then the better known slip, then that of
-- fewest cells.
{% set key = ['report_id', 'hypothesis_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '可疑单元格与各种解释一致' %}
{% set title_en = 'suspect_cells has the cells of every explanation of a cause, in their order' %}
with explanations as (
    select *, (-checks_mended, kind_order, cells) as place
    from quality.explanations
    inner join reference.slip_kinds using (kind)
),

-- the cause of a check is the first check of its best explanation; an explanation is one of its own first check's cause
causes as (
    select
        concat_ws(' ', check_report_id, identity_id, slice) as first_check,
        arg_min(first_check, (place, report_id, hypothesis_id)) as root_cause_id
    from quality.mended_checks
    inner join explanations using (report_id, hypothesis_id)
    group by check_report_id, identity_id, slice
)

select
    report_id, hypothesis_id, root_cause_id, rank, kind, form_table, line_code, column_code,
    reported_value, implied_value, cells, checks_mended, mends
from (
    select *, dense_rank() over (partition by root_cause_id order by place) as rank
    from explanations
    inner join causes using (first_check)
)
inner join quality.cell_edits using (report_id, pattern, hypothesis)
