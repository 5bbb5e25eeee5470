-- The lines of both layouts; the later layout's order and label where it has the line.
{% set key = ['line_code'] %}
{% set title_zh = '表格行维度与种子表一致' %}
{% set title_en = 'dim_form_line has the lines of both layouts as the seeds say' %}
select
    line_code, coalesce(later.form_table, earlier.form_table) as form_table,
    coalesce(later.line_order, earlier.line_order) as line_order,
    coalesce(later.label_zh, earlier.label_zh) as label_zh,
    earlier.label_zh as label_zh_2019, later.label_zh as label_zh_2021,
    greatest(later.label_en, earlier.label_en) as label_en,
    greatest(later.legal_article, earlier.legal_article) as legal_article,
    greatest(later.line_kind, earlier.line_kind) = 'leaf' as is_leaf,
    greatest(later.parent_line_code, earlier.parent_line_code) as parent_line_code,
    greatest(later.stage, earlier.stage) as stage, groups.outcome_group,
    groups.label_zh as outcome_group_zh, groups.label_en as outcome_group_en
from (from reference.form_lines where layout = '2021') as later
full join (from reference.form_lines where layout = '2019') as earlier using (line_code)
left join reference.outcome_groups as groups
    on greatest(later.outcome_group, earlier.outcome_group) = groups.outcome_group
