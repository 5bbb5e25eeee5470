-- The candidate edits that are sound, with the broken checks that each mends: a sound one mends every broken
-- check that it changes and breaks none that holds. Of several that change the same cells alike, one is kept.
with cell_edits as (

    select * from {{ ref('cell_edits') }}
    -- a number of things is never negative; only a change may be
    where implied_value >= 0 or column_code = 'change'

),

whole_candidates as (

    select
        report_id,
        pattern,
        hypothesis,
        count(*) as cells
    from {{ ref('cell_edits') }}
    group by report_id, pattern, hypothesis

),

check_cells as (

    select * from {{ ref('check_cells') }}

),

candidates as (

    select
        cell_edits.report_id,
        cell_edits.pattern,
        cell_edits.hypothesis,
        whole_candidates.cells,
        {{ dbt.listagg(
            "concat(form_table, '.', line_code, '.', column_code, '=', " ~ number_text('implied_value') ~ ")",
            "' '",
            'order by form_table, line_code, column_code'
        ) }} as edits
    from cell_edits
    inner join whole_candidates
        on
            cell_edits.report_id = whole_candidates.report_id
            and cell_edits.pattern = whole_candidates.pattern
            and cell_edits.hypothesis = whole_candidates.hypothesis
    group by cell_edits.report_id, cell_edits.pattern, cell_edits.hypothesis, whole_candidates.cells
    having count(*) = whole_candidates.cells

),

distinct_candidates as (

    select *
    from candidates
    qualify row_number() over (partition by report_id, edits order by pattern, hypothesis) = 1

),

effects as (

    select
        distinct_candidates.report_id,
        distinct_candidates.edits,
        distinct_candidates.cells,
        check_cells.check_report_id,
        check_cells.identity_id,
        check_cells.slice,
        max(check_cells.gap) as gap,
        max(case when check_cells.is_broken then 1 else 0 end) as is_broken,
        sum(check_cells.coefficient * (cell_edits.implied_value - cell_edits.reported_value)) as effect
    from distinct_candidates
    inner join cell_edits
        on
            distinct_candidates.report_id = cell_edits.report_id
            and distinct_candidates.pattern = cell_edits.pattern
            and distinct_candidates.hypothesis = cell_edits.hypothesis
    inner join check_cells
        on
            cell_edits.report_id = check_cells.report_id
            and cell_edits.form_table = check_cells.form_table
            and cell_edits.line_code = check_cells.line_code
            and cell_edits.column_code = check_cells.column_code
    group by
        distinct_candidates.report_id,
        distinct_candidates.edits,
        distinct_candidates.cells,
        check_cells.check_report_id,
        check_cells.identity_id,
        check_cells.slice

),

verdicts as (

    select
        report_id,
        edits,
        min(case when is_broken = 1 and gap + effect = 0 then 1 else 0 end) = 1 as is_sound
    from effects
    where effect <> 0
    group by report_id, edits

),

final as (

    select
        effects.report_id,
        concat(effects.report_id, ' ', effects.edits) as hypothesis_id,
        distinct_candidates.pattern,
        distinct_candidates.hypothesis,
        effects.cells,
        effects.check_report_id,
        effects.identity_id,
        effects.slice
    from effects
    inner join verdicts on effects.report_id = verdicts.report_id and effects.edits = verdicts.edits
    inner join distinct_candidates
        on effects.report_id = distinct_candidates.report_id and effects.edits = distinct_candidates.edits
    where verdicts.is_sound and effects.effect <> 0

)

select * from final
