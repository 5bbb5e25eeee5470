-- The checks that read a cell in doubt, where it holds a number: each broken cell, each outcome beside a （七）总计 in doubt,
-- and each that a move of table 三 changes.
{% from 'parts/cells.sql' import cells_of, is_read with context %}
{% set key = ['report_id', 'form_table', 'line_code', 'column_code', 'check_report_id', 'identity_id', 'slice'] %}
{% set title_zh = '存疑单元格所涉各项勾稽' %}
{% set title_en = 'A cell in doubt has every check that reads it' %}
with in_doubt as (
    select report_id, form_table, line_code, column_code from quality.broken_cells where broken_checks > 0
    union
    select report_id, broken_cells.form_table, outcomes.line_code, column_code
    from quality.broken_cells
    inner join marts.dim_form_line as totals using (line_code)
    cross join marts.dim_form_line as outcomes
    where broken_checks > 0 and totals.stage = 'outcome_total' and outcomes.stage = 'outcome'
    union
    select report_id, 'requests', line_code, column_code
    from quality.moved_cells
),

cells as (
    select *
    from ({{ cells_of('select report_id from in_doubt') }})
    semi join in_doubt using (report_id, form_table, line_code, column_code)
    where value_status = 'reported'
),

blanks as (
    select report_id, identity_id, slice, bool_or(can_raise) as can_raise, bool_or(can_lower) as can_lower
    from ({{ cells_of('select report_id from intermediate.int_reports', missing_only=true) }})
    inner join intermediate.int_identity_terms using (form_table, line_code, column_code)
    where value_status = 'blank' and scope = 'own' and year_offset = 0 and {{ is_read() }}
    group by all
)

select
    cells.report_id, form_table, line_code, column_code, value, checks.report_id as check_report_id,
    checks.identity_id, checks.slice,
    status = 'broken' as is_broken,
    coalesce(blanks.can_raise and status = 'holds_if_blank_is_zero', false) as can_be_raised,
    coalesce(blanks.can_lower and status = 'holds_if_blank_is_zero', false) as can_be_lowered,
    coalesce(lhs, 0) - coalesce(rhs, 0) as gap, coefficient
from cells
inner join intermediate.int_identity_terms using (form_table, line_code, column_code)
inner join intermediate.int_check_sources as sources
    on cells.report_id = source_report_id
    and int_identity_terms.scope = sources.scope and int_identity_terms.year_offset = sources.year_offset
inner join quality.fct_identity_checks as checks
    on
        sources.report_id = checks.report_id
        and int_identity_terms.identity_id = checks.identity_id
        and int_identity_terms.slice = checks.slice
left join blanks
    on checks.report_id = blanks.report_id and checks.identity_id = blanks.identity_id and checks.slice = blanks.slice
where
    status <> 'not_assessable'
    and {{ is_read() }}
