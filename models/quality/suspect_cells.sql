-- For each report with broken checks, the cells whose change would mend them: what stands there, what would
-- have to stand there, what kind of slip that looks like, and how the explanations rank. Equals share a rank.
with all_explanations as (

    select * from {{ ref('explanations') }}

),

mended_checks as (

    select * from {{ ref('mended_checks') }}

),

cell_edits as (

    select * from {{ ref('cell_edits') }}

),

slip_kinds as (

    select * from {{ ref('slip_kinds') }}

),

-- what is less likely than that the cause is none of the known ones is left out: nothing is accused
explanations as (

    select all_explanations.*
    from all_explanations
    inner join slip_kinds as not_known on not_known.kind = 'not_known'
    where all_explanations.likelihood >= not_known.weight

),

-- the likeliest explanation of a broken check, and among equals the one that changes the fewest cells
root_causes as (

    select
        mended_checks.check_report_id,
        mended_checks.identity_id,
        mended_checks.slice,
        explanations.first_check as root_cause_id
    from mended_checks
    inner join explanations
        on
            mended_checks.report_id = explanations.report_id
            and mended_checks.hypothesis_id = explanations.hypothesis_id
    qualify row_number() over (
        partition by mended_checks.check_report_id, mended_checks.identity_id, mended_checks.slice
        order by
            explanations.likelihood desc,
            explanations.cells asc,
            explanations.report_id asc,
            explanations.hypothesis_id asc
    ) = 1

),

-- explanations of the same breaks compete; what is half as likely as the best is still its equal
competing as (

    select
        explanations.*,
        root_causes.root_cause_id,
        max(explanations.likelihood) over (partition by root_causes.root_cause_id) as greatest_likelihood
    from explanations
    inner join root_causes
        on
            explanations.first_check
            = concat(root_causes.check_report_id, ' ', root_causes.identity_id, ' ', root_causes.slice)

),

ranked as (

    select
        *,
        cast(
            dense_rank() over (
                partition by root_cause_id
                order by
                    case
                        when likelihood >= greatest_likelihood - 1 then greatest_likelihood
                        else likelihood
                    end desc
            ) as bigint
        ) as rank
    from competing

),

final as (

    select
        ranked.report_id,
        ranked.hypothesis_id,
        ranked.root_cause_id,
        ranked.rank,
        ranked.likelihood,
        ranked.kind,
        cell_edits.form_table,
        cell_edits.line_code,
        cell_edits.column_code,
        cell_edits.reported_value,
        cell_edits.implied_value,
        ranked.cells,
        ranked.checks_mended,
        ranked.mends
    from ranked
    inner join cell_edits
        on
            ranked.report_id = cell_edits.report_id
            and ranked.pattern = cell_edits.pattern
            and ranked.hypothesis = cell_edits.hypothesis

)

select * from final
