-- Every check before its verdict: both sides over the cells that hold a number, and the terms that hold none.
with request_column_sums as (

    select * from {{ ref('int_request_column_sums') }}

),

request_line_sums as (

    select * from {{ ref('int_request_line_sums') }}

),

cell_sums as (

    select * from {{ ref('int_cell_sums') }}

),

unreported_terms as (

    select * from {{ ref('int_unreported_terms') }}

),

report_gaps as (

    select * from {{ ref('int_report_gaps') }}

),

sums as (

    select
        *,
        false as is_short_of_members
    from request_column_sums
    union all
    select
        *,
        false as is_short_of_members
    from request_line_sums
    union all
    select * from cell_sums

),

final as (

    select
        sums.report_id,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        coalesce(sums.lhs, 0) - coalesce(sums.rhs, 0) as gap,
        coalesce(unreported_terms.empty_terms, 0) as empty_terms,
        coalesce(unreported_terms.raising_terms, 0) as raising_terms,
        coalesce(unreported_terms.lowering_terms, 0) as lowering_terms,
        coalesce(unreported_terms.empty_left_terms, 0) as empty_left_terms,
        coalesce(unreported_terms.empty_right_terms, 0) as empty_right_terms,
        coalesce(unreported_terms.unreadable_terms, 0) as unreadable_terms,
        coalesce(unreported_terms.missing_terms, 0)
        + case when report_gaps.report_id is not null or sums.is_short_of_members then 1 else 0 end as missing_terms,
        coalesce(
            report_gaps.reason,
            case when sums.is_short_of_members then 'members: a line is missing' end,
            unreported_terms.reason
        ) as reason
    from sums
    left join unreported_terms
        on
            sums.report_id = unreported_terms.report_id
            and sums.identity_id = unreported_terms.identity_id
            and sums.slice = unreported_terms.slice
    left join report_gaps
        on
            sums.report_id = report_gaps.report_id
            and sums.identity_id = report_gaps.identity_id

)

select * from final
