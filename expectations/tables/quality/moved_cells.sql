-- Each number of table 三 is carried back to where it moved from; a place that none comes to holds what its identity lacks.
{% from 'parts/cells.sql' import cells_of with context %}
{% set key = ['report_id', 'move', 'line_code', 'column_code'] %}
{% set title_zh = '整表错位各单元格的应有数值即其原处数值' %}
{% set title_en = 'A moved cell belongs where its number was moved from' %}
with cells as (
    select
        report_id, line_code, column_code, value,
        dense_rank() over (partition by report_id order by line_order) as line_place,
        type_order as column_place,
        bool_and(value = 0) over (partition by report_id, line_code) as is_in_empty_row
    from ({{ cells_of('select report_id from quality.moves_tried') }})
    inner join marts.dim_form_line using (form_table, line_code)
    inner join reference.applicant_types on column_code = applicant_type
    where form_table = 'requests' and value_status = 'reported'
),

moves as (
    select
        move, any_value(kind) as kind, any_value(closed_by) as closed_by, any_value(left_line) as left_line,
        any_value(left_column) as left_column, coalesce(bool_and(line_offset = 0), true) as is_along_rows
    from reference.table_moves
    group by move
),

-- the table that a move is thought to have been made of
tables as (
    select cells.*, move, kind, closed_by, left_line, left_column
    from cells
    inner join quality.moves_tried using (report_id)
    inner join moves using (move)
    where not (is_along_rows and is_in_empty_row)
),

carried_back as (
    select
        report_id, move, part, value as value_after,
        line_place - line_offset as line_place, column_place - column_offset as column_place
    from cells
    inner join quality.moves_tried using (report_id)
    inner join reference.table_moves using (move)
    where column_place - column_offset between first_column and last_column
),

-- the places of each part, for a join on anything but equals compares every cell with every part
parts as (
    select move, part, closed_by, lines.line_code, type_order as column_place
    from reference.table_moves
    inner join reference.applicant_types on type_order between first_column and last_column
    inner join (select distinct line_code from marts.dim_form_line where form_table = 'requests') as lines
        on table_moves.line_code is null or table_moves.line_code = lines.line_code
),

-- a cell that no part of the move names stays as it is
put_back as (
    select tables.*, parts.closed_by as part_closed_by, if(parts.part is null, tables.value, carried_back.value_after) as value_after
    from tables
    left join parts
        on tables.move = parts.move and tables.line_code = parts.line_code and tables.column_place = parts.column_place
    left join carried_back
        on tables.report_id = carried_back.report_id and tables.move = carried_back.move
        and parts.part = carried_back.part and tables.line_place = carried_back.line_place and tables.column_place = carried_back.column_place
),

-- the slices of the identity that closes a move: what their known numbers lack
lacking as (
    select report_id, move, slice, sum(coefficient * value_after) as lack
    from put_back
    inner join intermediate.int_identity_terms as terms on closed_by = identity_id
        and put_back.line_code = terms.line_code and put_back.column_code = terms.column_code
    where form_table = 'requests' and scope = 'own' and year_offset = 0
    group by report_id, move, slice
),

closed as (
    select report_id, move, put_back.line_code, put_back.column_code, -lack / coefficient as closing_value
    from put_back
    inner join intermediate.int_identity_terms as terms on closed_by = identity_id
        and put_back.line_code = terms.line_code and put_back.column_code = terms.column_code
    inner join lacking using (report_id, move, slice)
    where
        form_table = 'requests' and scope = 'own' and year_offset = 0
        and value_after is null and part_closed_by is not null
),

whole as (
    select * replace (coalesce(value_after, closing_value) as value_after)
    from put_back
    left join closed using (report_id, move, line_code, column_code)
    window of_move as (partition by report_id, move)
    qualify
        bool_and(coalesce(value_after, closing_value) is not null) over of_move
        and bool_and(
            value = 0 or (line_code = left_line or column_place = left_column) is not true
        ) over of_move
),

-- materialized: equal places of all reports would else be joined first
last_years as materialized (
    select int_check_sources.report_id, line_code, column_code, last_cells.value as last_value
    from intermediate.int_check_sources
    inner join (
        {{ cells_of('select source_report_id from intermediate.int_check_sources semi join quality.moves_tried using (report_id)') }}
    ) as last_cells
        on source_report_id = last_cells.report_id
    where
        scope = 'own' and year_offset = -1 and last_cells.form_table = 'requests'
        and last_cells.value_status <> 'absent'
),

beside_last_year as (
    select report_id, move, line_code, column_code, value, last_value
    from cells
    inner join quality.moves_tried using (report_id)
    inner join last_years using (report_id, line_code, column_code)
)

select report_id, move, kind, line_code, column_code, value, value_after
from whole
where value_after <> value
union all
select report_id, move, move, line_code, column_code, value, value - last_value
from beside_last_year
where move = 'cumulative' and last_value <> 0
union all
select report_id, move, move, line_code, column_code, value, null
from beside_last_year
where move = 'table_of_last_year'
