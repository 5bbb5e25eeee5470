-- The verdict on every identity, in every report and slice.
with request_column_sums as (

    select * from {{ ref('int_request_column_sums') }}

),

request_line_sums as (

    select * from {{ ref('int_request_line_sums') }}

),

review_sums as (

    select * from {{ ref('int_review_sums') }}

),

unreported_terms as (

    select * from {{ ref('int_unreported_terms') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

ledger as (

    select * from {{ ref('acknowledged_issues') }}

),

sums as (

    select * from request_column_sums
    union all
    select * from request_line_sums
    union all
    select * from review_sums

),

checks as (

    select
        sums.report_id,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        coalesce(sums.lhs, 0) - coalesce(sums.rhs, 0) as difference_over_reported,
        coalesce(unreported_terms.empty_terms, 0) as empty_terms,
        coalesce(unreported_terms.raising_terms, 0) as raising_terms,
        coalesce(unreported_terms.lowering_terms, 0) as lowering_terms,
        coalesce(unreported_terms.unreadable_terms, 0) as unreadable_terms,
        coalesce(unreported_terms.missing_terms, 0) as missing_terms,
        sums.lhs is null and coalesce(unreported_terms.empty_left_terms, 0) = 0
        or sums.rhs is null and coalesce(unreported_terms.empty_right_terms, 0) = 0 as has_empty_side,
        unreported_terms.reason
    from sums
    left join unreported_terms
        on
            sums.report_id = unreported_terms.report_id
            and sums.identity_id = unreported_terms.identity_id
            and sums.slice = unreported_terms.slice

),

verdicts as (

    select
        report_id,
        identity_id,
        slice,
        lhs,
        rhs,
        lhs - rhs as difference,
        case
            when missing_terms > 0 or unreadable_terms > 0 or has_empty_side then 'not_assessable'
            when difference_over_reported = 0 and empty_terms = 0 then 'holds'
            when difference_over_reported = 0 then 'holds_if_blank_is_zero'
            -- a non-negative number in one of the blanks could close the gap
            when difference_over_reported < 0 and raising_terms > 0 then 'not_assessable'
            when difference_over_reported > 0 and lowering_terms > 0 then 'not_assessable'
            else 'broken'
        end as status,
        reason
    from checks

),

final as (

    select
        verdicts.report_id,
        reports.agency_id,
        reports.report_year,
        verdicts.identity_id,
        verdicts.slice,
        verdicts.lhs,
        verdicts.rhs,
        verdicts.difference,
        verdicts.status,
        verdicts.reason,
        verdicts.status = 'broken' and ledger.report_id is not null as is_acknowledged
    from verdicts
    inner join reports on verdicts.report_id = reports.report_id
    left join ledger
        on
            verdicts.report_id = ledger.report_id
            and verdicts.identity_id = ledger.identity_id
            and verdicts.slice = ledger.slice
            and verdicts.lhs = ledger.observed_lhs
            and verdicts.rhs = ledger.observed_rhs

)

select * from final
