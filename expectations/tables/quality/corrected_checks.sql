-- A check that a corrected cell goes into: its sides as reported and what the corrections add to them. Its verdict is
-- made anew of all its cells, the corrected ones among them, where the models take the terms filled off those missing.
{% from 'parts/cells.sql' import cells_of, is_read with context %}
{% set key = ['report_id', 'identity_id', 'slice'] %}
{% set title_zh = '更正后的勾稽由原报数与更正值得出' %}
{% set title_en = 'A corrected check follows from the cells reported and corrected' %}
with sources as (
    from intermediate.int_check_sources
    where report_id in (
        select around.report_id
        from intermediate.int_check_sources as around
        inner join intermediate.int_corrected_cells as corrected on source_report_id = corrected.report_id
    )
),

cells as (
    select
        cells.*, corrected.value - coalesce(cells.value, 0) as added,
        -- a line that is not there is not there when corrected either
        if(corrected.value is null or value_status = 'absent', value_status, 'reported') as status
    from ({{ cells_of('select source_report_id from sources') }}) as cells
    left join intermediate.int_corrected_cells as corrected using (report_id, form_table, line_code, column_code)
),

members as (
    select report_id, count(*) as members from sources where scope = 'members' group by report_id
),

corrected_checks as (
    select
        sources.report_id, identity_id, slice,
        sum(coefficient * added) filter (side = 'left') as added_left,
        -sum(coefficient * added) filter (side = 'right') as added_right,
        bool_or(
            status in ('unreadable', 'contradictory') or status = 'absent' and when_absent = 'not_assessable'
        ) or bool_or(scope = 'members') and count(*) filter (scope = 'members') < any_value(members) as is_lacking,
        bool_or(status in ('blank', 'not_applicable')) as is_empty,
        coalesce(bool_or(status <> 'absent' or added is not null) filter (side = 'left'), false) as has_left,
        coalesce(bool_or(status <> 'absent' or added is not null) filter (side = 'right'), false) as has_right,
        bool_or(status = 'blank' and can_raise) as is_raisable,
        bool_or(status = 'blank' and can_lower) as is_lowerable
    from cells
    inner join sources on cells.report_id = source_report_id
    inner join intermediate.int_identity_terms as terms
        using (form_table, line_code, column_code, scope, year_offset)
    left join members on sources.report_id = members.report_id
    where {{ is_read() }} and not (form_table = 'disclosures' and is_in_other_layout)
    group by all
    having count(added) > 0
),

sides as (
    select
        corrected_checks.*, checks.lhs as reported_lhs, checks.rhs as reported_rhs, checks.status as reported_status,
        if(added_left is null, checks.lhs, coalesce(checks.lhs, 0) + added_left) as lhs,
        if(added_right is null, checks.rhs, coalesce(checks.rhs, 0) + added_right) as rhs
    from corrected_checks
    inner join quality.fct_identity_checks as checks using (report_id, identity_id, slice)
),

verdicts as (
    select
        *,
        case
            when is_lacking or not has_left or not has_right then 'not_assessable'
            when (report_id, identity_id) in (select (report_id, identity_id) from intermediate.int_unassessable_checks)
                then 'not_assessable'
            when coalesce(lhs, 0) = coalesce(rhs, 0) then if(is_empty, 'holds_if_blank_is_zero', 'holds')
            when coalesce(lhs, 0) < coalesce(rhs, 0) and is_raisable then 'not_assessable'
            when coalesce(lhs, 0) > coalesce(rhs, 0) and is_lowerable then 'not_assessable'
            else 'broken'
        end as status
    from sides
)

select
    report_id, identity_id, slice, lhs, rhs, status, reported_lhs, reported_rhs, reported_status,
    reported_status not like 'holds%' and status like 'holds%' as is_mended,
    reported_status <> 'broken' and status = 'broken' as is_newly_broken
from verdicts
