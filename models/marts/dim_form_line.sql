-- The lines of the three tables, one row each over both layouts, with each layout's own label.
with form_lines as (

    select * from {{ ref('form_lines') }}

),

outcome_groups as (

    select * from {{ ref('outcome_groups') }}

),

lines as (

    select
        line_code,
        max(form_table) as form_table,
        max(case when layout = '2019' then line_order end) as line_order_2019,
        max(case when layout = '2021' then line_order end) as line_order_2021,
        max(case when layout = '2019' then label_zh end) as label_zh_2019,
        max(case when layout = '2021' then label_zh end) as label_zh_2021,
        max(label_en) as label_en,
        max(legal_article) as legal_article,
        max(line_kind) = 'leaf' as is_leaf,
        max(parent_line_code) as parent_line_code,
        max(stage) as stage,
        max(outcome_group) as outcome_group
    from form_lines
    group by line_code

),

final as (

    select
        lines.line_code,
        lines.form_table,
        coalesce(lines.line_order_2021, lines.line_order_2019) as line_order,
        coalesce(lines.label_zh_2021, lines.label_zh_2019) as label_zh,
        lines.label_zh_2019,
        lines.label_zh_2021,
        lines.label_en,
        lines.legal_article,
        lines.is_leaf,
        lines.parent_line_code,
        lines.stage,
        lines.outcome_group,
        outcome_groups.label_zh as outcome_group_zh,
        outcome_groups.label_en as outcome_group_en
    from lines
    left join outcome_groups on lines.outcome_group = outcome_groups.outcome_group

)

select * from final
