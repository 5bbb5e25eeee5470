-- An edit is of a cell that is in doubt, and begins from the number that is printed there. Edits of one cell close the gap
-- of a broken check, and those of a whole table are its moves: these are computed; of the others each row found is held to
-- its beginning.
{% set key = ['report_id', 'pattern', 'hypothesis', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '候选改动以存疑单元格的原值为起点' %}
{% set title_en = 'An edit begins from the number of a cell in doubt' %}
with cells as (
    select distinct report_id, form_table, line_code, column_code, value from quality.check_cells
)

select distinct
    report_id, 'one cell' as pattern,
    concat(form_table, '.', line_code, '.', column_code, ' ', change) as hypothesis,
    form_table, line_code, column_code, value as reported_value, value + change as implied_value
from (
    select *, cast(-gap / coefficient as decimal(28, 4)) as change
    from quality.check_cells
    where is_broken
)
union all
select report_id, 'a whole table', move, 'requests', line_code, column_code, value, value_after
from quality.moved_cells
union all
select distinct
    report_id, pattern, hypothesis, form_table, line_code, column_code, cells.value, implied_value
from quality.cell_edits
inner join cells using (report_id, form_table, line_code, column_code)
where
    pattern in (
        'a row', 'a row without its total', 'a cell and its row total', 'a column', 'an outcome and its total',
        'an outcome and all its totals'
    )
union all
-- of two that are exchanged, each belongs where the other stands
select distinct
    edits.report_id, pattern, hypothesis, edits.form_table, edits.line_code, edits.column_code, cells.value, others.value
from quality.cell_edits as edits
inner join quality.cell_edits as other_edits using (report_id, pattern, hypothesis)
inner join cells on edits.report_id = cells.report_id and edits.form_table = cells.form_table
    and edits.line_code = cells.line_code and edits.column_code = cells.column_code
inner join cells as others on other_edits.report_id = others.report_id and other_edits.form_table = others.form_table
    and other_edits.line_code = others.line_code and other_edits.column_code = others.column_code
where
    pattern = 'two cells exchanged'
    and (edits.line_code, edits.column_code) <> (other_edits.line_code, other_edits.column_code)
