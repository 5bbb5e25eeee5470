-- What lines of the form add up to before and after this build, in the form's words; at most 200.
with totals as (
{% include 'queries/changes/totals.sql' %}
),

-- a line that both layouts have is called as in the later one
lines as (
    select
        form_table,
        line_code,
        max_by(line_order, layout) as line_order,
        max_by(line_zh, layout) as line_zh,
        max_by(line_en, layout) as line_en
    from line_words
    group by form_table, line_code
),

columns as (
    select
        form_cells.line_code,
        form_cells.measure_code as column_code,
        max_by(measures.label_zh, layout) as column_zh,
        max_by(measures.label_en, layout) as column_en
    from reference.form_cells
    inner join reference.measures using (layout, measure_code)
    group by form_cells.line_code, form_cells.measure_code
)

select
    totals.*,
    concat_ws(' ', lines.line_zh, coalesce(columns.column_zh, nullif(column_code, 'total'))) as line_zh,
    concat_ws(', ', lines.line_en, coalesce(columns.column_en, nullif(column_code, 'total'))) as line_en
from totals
left join lines using (form_table, line_code)
left join columns using (line_code, column_code)
order by report_year desc, form_table, line_order, column_code
limit 200
