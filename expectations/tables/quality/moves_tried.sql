-- A move is tried where each of its parts is seen in a broken identity; last year's table, where no number is less than it.
{% from 'parts/cells.sql' import cells_of with context %}
{% set key = ['report_id', 'move'] %}
{% set title_zh = '整表错位只在其各部分均可见时试探' %}
{% set title_en = 'A move of a whole table is tried just where all its parts are seen' %}
with broken as (
    select source_report_id as report_id, identity_id, list(distinct slice) as slices, count(*) as checks
    from quality.fct_identity_checks
    inner join (select distinct identity_id, scope, year_offset from reference.identity_terms) using (identity_id)
    inner join intermediate.int_check_sources using (report_id, scope, year_offset)
    where status = 'broken'
    group by source_report_id, identity_id
),

parts_seen as (
    select report_id, move, part
    from reference.table_moves
    inner join reference.identities on seen_in = identities.identity_id
    inner join broken on seen_in = broken.identity_id
    where
        (checks > 1 or slice_by = 'all')
        and (broken_slice is null or list_contains(slices, broken_slice))
),

moves_seen as (
    select report_id, move
    from parts_seen
    group by report_id, move
    having count(*) = (select count(*) from reference.table_moves where table_moves.move = parts_seen.move)
),

years as (
    select report_id, source_report_id as last_report_id
    from intermediate.int_check_sources
    semi join (from quality.broken_cells where form_table = 'requests' and broken_checks > 0) using (report_id)
    where scope = 'own' and year_offset = -1
),

cells as (
    select *
    from (
        {{ cells_of('select unnest([report_id, last_report_id]) from years') }}
    )
    where form_table = 'requests' and value_status <> 'absent'
),

beside_last_year as (
    select
        years.report_id,
        bool_and(cells.value >= last_cells.value) as is_nowhere_less,
        bool_and(cells.value = last_cells.value) as is_same,
        bool_or(cells.column_code = 'total' and last_cells.value > 0) as has_numbers
    from years
    inner join cells using (report_id)
    inner join cells as last_cells on last_report_id = last_cells.report_id
        and cells.line_code = last_cells.line_code and cells.column_code = last_cells.column_code
    group by years.report_id
)

select report_id, move from moves_seen
union all
select report_id, 'cumulative' from beside_last_year where is_nowhere_less and has_numbers
union all
select report_id, 'table_of_last_year' from beside_last_year where is_same
