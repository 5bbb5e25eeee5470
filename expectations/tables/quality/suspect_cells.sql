-- The explanations of each cause with their cells, the likeliest first. One half as likely as the best is its equal; one less
-- likely than that the cause is not known is not there.
{% set key = ['report_id', 'hypothesis_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '可疑单元格与各种解释一致' %}
{% set title_en = 'suspect_cells has the cells of every likely explanation of a cause, in their order' %}
with explanations as (
    select *
    from quality.explanations
    where likelihood >= (select weight from reference.slip_kinds where kind = 'not_known')
),

-- the cause of a check is the first check of its best explanation; an explanation is one of its own first check's cause
causes as (
    select
        concat_ws(' ', check_report_id, identity_id, slice) as first_check,
        arg_min(first_check, (-likelihood, explanations.cells, report_id, hypothesis_id)) as root_cause_id
    from quality.mended_checks
    inner join explanations using (report_id, hypothesis_id)
    group by check_report_id, identity_id, slice
),

competing as (
    select *, max(likelihood) over (partition by root_cause_id) as best
    from explanations
    inner join causes using (first_check)
)

select
    report_id, hypothesis_id, root_cause_id, rank, likelihood, kind, form_table, line_code, column_code,
    reported_value, implied_value, cells, checks_mended, mends
from (
    select *, dense_rank() over (partition by root_cause_id order by least(likelihood, best - 1) desc) as rank
    from competing
)
inner join quality.cell_edits using (report_id, pattern, hypothesis)
