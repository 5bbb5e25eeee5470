-- The checks that corrections touch, once more on the corrected numbers: what each correction mends.
with corrected_cells as (

    select * from {{ whole('int_corrected_cells') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

corrected_reports as (

    select distinct check_sources.report_id
    from corrected_cells
    inner join check_sources on corrected_cells.report_id = check_sources.source_report_id

),

sources_of_checks as (

    select check_sources.*
    from check_sources
    inner join corrected_reports on check_sources.report_id = corrected_reports.report_id

),

reports_read as (

    select distinct source_report_id as report_id
    from sources_of_checks

),

{{ rows_of_cells('reports_read') }}
cells as (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

sides as (

    select * from {{ ref('int_checks') }}
    where {{ is_among('report_id', 'corrected_reports', 'report_id') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}
    where {{ is_among('report_id', 'corrected_reports', 'report_id') }}

),

-- a term of last year's may read cells of several reports, and has a status as long as one of them keeps it; of members
-- each counts for itself, as in int_missing_value_patterns
terms as (

    select
        sources_of_checks.report_id,
        identity_cells.identity_id,
        identity_cells.slice,
        identity_cells.side,
        identity_cells.can_raise,
        identity_cells.can_lower,
        cells.value_status,
        count(corrected_cells.value) as corrections,
        case
            when identity_cells.scope = 'members' then count(corrected_cells.value)
            when count(corrected_cells.value) = count(*) then 1
            else 0
        end as filled,
        sum(identity_cells.coefficient * (corrected_cells.value - coalesce(cells.value, 0))) as added
    from cells
    inner join sources_of_checks on cells.report_id = sources_of_checks.source_report_id
    inner join identity_cells
        on
            cells.form_table = identity_cells.form_table
            and cells.line_code = identity_cells.line_code
            and cells.column_code = identity_cells.column_code
            and sources_of_checks.scope = identity_cells.scope
            and sources_of_checks.year_offset = identity_cells.year_offset
    left join corrected_cells
        on
            cells.report_id = corrected_cells.report_id
            and cells.form_table = corrected_cells.form_table
            and cells.line_code = corrected_cells.line_code
            and cells.column_code = corrected_cells.column_code
    where
        {{ reads_cell_of_source('identity_cells', 'cells', 'sources_of_checks') }}
        and (cells.value_status <> 'reported' or corrected_cells.value is not null)
    group by
        sources_of_checks.report_id,
        identity_cells.identity_id,
        identity_cells.slice,
        identity_cells.side,
        identity_cells.scope,
        identity_cells.term_order,
        identity_cells.can_raise,
        identity_cells.can_lower,
        cells.value_status

),

-- what the corrections add to each side, and the terms that now hold a number
changes as (

    select
        report_id,
        identity_id,
        slice,
        sum(case when side = 'left' then added end) as added_left,
        sum(case when side = 'right' then -added end) as added_right,
        {% for side in ['left', 'right'] %}
            sum(case when value_status in ('blank', 'not_applicable') and side = '{{ side }}' then filled else 0 end)
                as filled_{{ side }}_terms,
        {% endfor %}
        {% for turn in ['raise', 'lower'] %}
            sum(case when value_status = 'blank' and can_{{ turn }} then filled else 0 end)
                as filled_{{ {'raise': 'raising', 'lower': 'lowering'}[turn] }}_terms,
        {% endfor %}
        sum(case when value_status in ('unreadable', 'contradictory') then filled else 0 end) as read_terms
    from terms
    group by report_id, identity_id, slice
    having sum(corrections) > 0

),

corrected_sides as (

    select
        sides.report_id,
        sides.identity_id,
        sides.slice,
        case when changes.added_left is null then sides.lhs else coalesce(sides.lhs, 0) + changes.added_left end
            as lhs,
        case when changes.added_right is null then sides.rhs else coalesce(sides.rhs, 0) + changes.added_right end
            as rhs,
        sides.difference + coalesce(changes.added_left, 0) - coalesce(changes.added_right, 0) as difference,
        sides.empty_terms - changes.filled_left_terms - changes.filled_right_terms as empty_terms,
        sides.empty_left_terms - changes.filled_left_terms as empty_left_terms,
        sides.empty_right_terms - changes.filled_right_terms as empty_right_terms,
        sides.raising_terms - changes.filled_raising_terms as raising_terms,
        sides.lowering_terms - changes.filled_lowering_terms as lowering_terms,
        sides.unreadable_terms - changes.read_terms as unreadable_terms,
        sides.missing_terms
    from changes
    inner join sides
        on
            changes.report_id = sides.report_id
            and changes.identity_id = sides.identity_id
            and changes.slice = sides.slice

),

verdicts as (

    select
        report_id,
        identity_id,
        slice,
        -- as in fct_identity_checks, a side of blanks alone is a sum of nothing
        case when empty_left_terms > 0 then coalesce(lhs, 0) else lhs end as lhs,
        case when empty_right_terms > 0 then coalesce(rhs, 0) else rhs end as rhs,
        {{ identity_verdict() }} as status
    from corrected_sides

),

final as (

    select
        verdicts.report_id,
        verdicts.identity_id,
        verdicts.slice,
        cast(verdicts.lhs as decimal(28, 4)) as lhs,
        cast(verdicts.rhs as decimal(28, 4)) as rhs,
        verdicts.status,
        checks.lhs as reported_lhs,
        checks.rhs as reported_rhs,
        checks.status as reported_status,
        checks.status in ('broken', 'not_assessable')
        and verdicts.status in ('holds', 'holds_if_blank_is_zero') as is_mended,
        checks.status <> 'broken' and verdicts.status = 'broken' as is_newly_broken
    from verdicts
    inner join checks
        on
            verdicts.report_id = checks.report_id
            and verdicts.identity_id = checks.identity_id
            and verdicts.slice = checks.slice

)

select * from final
