-- The candidate edits that are sound, with the broken checks that each mends: a sound one mends every broken check
-- that it changes and breaks none that holds whatever the blanks mean. Of several that change the same cells alike,
-- one is kept, that which had the fewest numbers to fit.
{#- no number where nothing tells what belongs there -#}
{% set implied = "coalesce(" ~ number_text('implied_value') ~ ", '')" %}
with cell_edits as (

    select * from {{ ref('cell_edits') }}
    -- a number of things is never negative; only a change may be
    where implied_value >= 0 or column_code = 'change' or implied_value is null

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
        -- a whole table may have too many cells to be named by them
        case
            when whole_candidates.cells > 40 then concat(cell_edits.pattern, ' ', cell_edits.hypothesis)
            else {{ dbt.listagg(
                "concat(form_table, '.', line_code, '.', column_code, '=', " ~ implied ~ ")",
                "' '",
                'order by form_table, line_code, column_code'
            ) }}
        end as edits
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
    qualify
        row_number()
            over (
                partition by report_id, edits
                order by
                    case pattern
                        when 'one cell' then 0
                        when 'two cells exchanged' then 1
                        when 'a row' then 3
                        when 'a row without its total' then 3
                        when 'a column' then 3
                        when 'a whole table' then 4
                        else 2
                    end,
                    pattern,
                    hypothesis
            )
        = 1

),

effects as (

    select
        distinct_candidates.report_id,
        distinct_candidates.edits,
        distinct_candidates.pattern,
        distinct_candidates.cells,
        check_cells.check_report_id,
        check_cells.identity_id,
        check_cells.slice,
        max(check_cells.gap) as gap,
        max(case when check_cells.is_broken then 1 else 0 end) as is_broken,
        max(case when check_cells.can_be_raised then 1 else 0 end) as can_be_raised,
        max(case when check_cells.can_be_lowered then 1 else 0 end) as can_be_lowered,
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
        distinct_candidates.pattern,
        distinct_candidates.cells,
        check_cells.check_report_id,
        check_cells.identity_id,
        check_cells.slice

),

-- of a change that leaves open what belongs there, all that is known is which breaks of its report it touches
touched as (

    select *
    from effects
    where
        effect is null and is_broken = 1 and check_report_id = report_id
        -- what a number in a blank may close is no break; one cell alone has to stand up to the blanks as they are
        or effect <> 0
        and not (pattern <> 'one cell' and gap + effect < 0 and can_be_raised = 1)
        and not (pattern <> 'one cell' and gap + effect > 0 and can_be_lowered = 1)

),

verdicts as (

    select
        report_id,
        edits,
        min(case when is_broken = 1 and coalesce(gap + effect, 0) = 0 then 1 else 0 end) = 1 as is_sound
    from touched
    group by report_id, edits

),

final as (

    select
        touched.report_id,
        concat(touched.report_id, ' ', touched.edits) as hypothesis_id,
        distinct_candidates.pattern,
        distinct_candidates.hypothesis,
        touched.cells,
        touched.check_report_id,
        touched.identity_id,
        touched.slice
    from touched
    inner join verdicts on touched.report_id = verdicts.report_id and touched.edits = verdicts.edits
    inner join distinct_candidates
        on touched.report_id = distinct_candidates.report_id and touched.edits = distinct_candidates.edits
    where verdicts.is_sound

)

select * from final
