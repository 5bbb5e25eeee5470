-- The checks that corrections touch, once more on the corrected numbers: what each correction mends.
with corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}

),

{{ rows_of_cells('corrected_cells') }}
cells as (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

corrected_reports as (

    select distinct check_sources.report_id
    from corrected_cells
    inner join check_sources on corrected_cells.report_id = check_sources.source_report_id

),

sides as (

    select * from {{ ref('int_checks') }}
    where {{ is_among('report_id', 'corrected_reports', 'report_id') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}
    where {{ is_among('report_id', 'corrected_reports', 'report_id') }}

),

-- what the corrections add to each side, and the terms that now hold a number
changes as (

    select
        check_sources.report_id,
        identity_cells.identity_id,
        identity_cells.slice,
        sum(case
            when identity_cells.side = 'left'
                then identity_cells.coefficient * (corrected_cells.value - coalesce(cells.value, 0))
        end) as added_left,
        sum(case
            when identity_cells.side = 'right'
                then -identity_cells.coefficient * (corrected_cells.value - coalesce(cells.value, 0))
        end) as added_right,
        {% for side in ['left', 'right'] %}
            count(case
                when cells.value_status in ('blank', 'not_applicable') and identity_cells.side = '{{ side }}'
                    then 1
            end) as filled_{{ side }}_terms,
        {% endfor %}
        {% for turn in ['raise', 'lower'] %}
            count(case when cells.value_status = 'blank' and identity_cells.can_{{ turn }} then 1 end)
                as filled_{{ {'raise': 'raising', 'lower': 'lowering'}[turn] }}_terms,
        {% endfor %}
        count(case when cells.value_status in ('unreadable', 'contradictory') then 1 end) as read_terms
    from corrected_cells
    inner join cells
        on
            corrected_cells.report_id = cells.report_id
            and corrected_cells.form_table = cells.form_table
            and corrected_cells.line_code = cells.line_code
            and corrected_cells.column_code = cells.column_code
    inner join identity_cells
        on
            corrected_cells.form_table = identity_cells.form_table
            and corrected_cells.line_code = identity_cells.line_code
            and corrected_cells.column_code = identity_cells.column_code
    inner join check_sources
        on
            corrected_cells.report_id = check_sources.source_report_id
            and identity_cells.scope = check_sources.scope
            and identity_cells.year_offset = check_sources.year_offset
    where not cells.is_subtotal or identity_cells.takes_subtotals
    group by 1, 2, 3

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
        *,
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
