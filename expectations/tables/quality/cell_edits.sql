-- What the broken checks lack, put where it could be meant: in one cell, in all of a row or column that lacks the same in one
-- place, in a cell and its totals; two cells in each other's place; and table 三 as its moves would have it.
{% set key = ['report_id', 'pattern', 'hypothesis', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '候选改动由不成立的勾稽所差推出' %}
{% set title_en = 'An edit gives a cell in doubt what a broken check lacks' %}
with cells as (
    select distinct report_id, form_table, line_code, column_code, value from quality.check_cells
),

changes as (
    select
        report_id, check_cells.form_table, line_code, column_code, cast(-gap / coefficient as decimal(28, 4)) as change,
        slice_by = 'line' as is_along_row, slice_by <> 'line' or family = 'rollup' as is_along_column
    from quality.check_cells
    inner join reference.identities using (identity_id)
    where is_broken
),

-- cells of table 三 of which the checks along the other way say one change
{% for cells, way in [('cells_of_rows', 'is_along_column'), ('cells_of_columns', 'is_along_row')] %}
    {{ cells }} as (
        select report_id, line_code, column_code, any_value(change) as change, any_value(stage) as stage
        from changes
        inner join marts.dim_form_line using (form_table, line_code)
        where form_table = 'requests' and {{ way }}
        group by report_id, line_code, column_code
        having min(change) = max(change)
    ),
{% endfor %}

with_row_total as (
    select cells_of_rows.*
    from cells_of_rows
    semi join (from cells_of_rows where column_code = 'total') as totals using (report_id, line_code, change)
    where column_code <> 'total'
),

with_outcome_total as (
    select outcomes.*, totals.line_code as total_line
    from cells_of_columns as outcomes
    inner join cells_of_columns as totals using (report_id, column_code, change)
    where outcomes.stage = 'outcome' and totals.stage = 'outcome_total'
),

counted_too_often as (
    select report_id, cells.line_code, column_code, change, totals.line_code as total_line
    from with_row_total as totals
    inner join cells using (report_id, column_code)
    inner join marts.dim_form_line as lines on cells.line_code = lines.line_code
    where
        totals.stage = 'outcome_total' and change < 0 and cells.form_table = 'requests' and lines.stage = 'outcome'
        and value >= -change
),

in_doubt as (
    select distinct report_id, form_table, line_code, column_code, value, line_order
    from cells
    semi join changes using (report_id, form_table, line_code, column_code)
    left join marts.dim_form_line using (form_table, line_code)
    where form_table <> 'narrative'
),

exchanged as (
    select
        report_id, form_table, one.line_code, one.column_code, other.line_code as other_line,
        other.column_code as other_column, other.value - one.value as change
    from in_doubt as one
    inner join in_doubt as other using (report_id, form_table)
    where
        one.value <> other.value
        and if(
            one.line_code = other.line_code,
            one.column_code < other.column_code and 'total' not in (one.column_code, other.column_code),
            one.column_code = other.column_code and other.line_order - one.line_order = 1
        )
),

edits as (
    select distinct
        report_id, 'one cell' as pattern, concat(form_table, '.', line_code, '.', column_code, ' ', change) as hypothesis,
        form_table, line_code, column_code, change
    from changes
    union all
    select report_id, 'a row', line_code, 'requests', line_code, column_code, change
    from cells_of_rows
    union all
    select report_id, 'a row without its total', line_code, 'requests', line_code, column_code, change
    from cells_of_rows
    where column_code <> 'total'
    union all
    select
        report_id, 'a cell and its row total', concat(line_code, '.', column_code), 'requests', line_code,
        unnest([column_code, 'total']), change
    from with_row_total
    union all
    select report_id, 'a column', column_code, 'requests', line_code, column_code, change
    from cells_of_columns
    union all
    select
        report_id, 'an outcome and its total', concat(line_code, '.', column_code), 'requests',
        unnest([line_code, total_line]), column_code, change
    from with_outcome_total
    union all
    select
        report_id, 'an outcome and all its totals', concat(line_code, '.', column_code), 'requests',
        unnest([line_code, line_code, total_line, total_line]), unnest([column_code, 'total', column_code, 'total']), change
    from counted_too_often
    union all
    select
        report_id, 'two cells exchanged',
        concat(line_code, '.', column_code, ' ', other_line, '.', other_column), form_table,
        unnest([line_code, other_line]), unnest([column_code, other_column]), unnest([change, -change])
    from exchanged
)

select report_id, pattern, hypothesis, form_table, line_code, column_code, value as reported_value, value + change as implied_value
from edits
inner join cells using (report_id, form_table, line_code, column_code)
union all
select report_id, if(kind is null, 'a column', 'a whole table'), move, 'requests', line_code, column_code, value, value_after
from quality.moved_cells
