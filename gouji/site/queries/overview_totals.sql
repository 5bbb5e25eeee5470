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
    select form_table, column_code, max_by(column_zh, layout) as column_zh, max_by(column_en, layout) as column_en
    from column_words
    where form_table = 'disclosures'
    group by form_table, column_code
)

select
    totals.*,
    concat_ws(' ', lines.line_zh, columns.column_zh) as line_zh,
    concat_ws(', ', lines.line_en, columns.column_en) as line_en
from totals
left join lines using (form_table, line_code)
left join columns using (form_table, column_code)
order by report_year desc, form_table, line_order, column_code
limit 200
