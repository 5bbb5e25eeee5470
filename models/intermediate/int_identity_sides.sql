{{ config(materialized='view') }}

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

gap_patterns as (

    select * from {{ ref('int_gap_patterns') }}

),

unreported_terms as (

    select * from {{ ref('int_unreported_terms') }}

),

report_gaps as (

    select * from {{ ref('int_report_gaps') }}

),

sums as (

    {% for column in applicant_columns() %}
        select
            report_id,
            identity_id,
            '{{ column }}' as slice,
            {{ column }}_lhs as lhs,
            {{ column }}_rhs as rhs,
            {{ column }}_gaps as gaps,
            false as is_short_of_members
        from request_column_sums
        union all
    {% endfor %}
    select
        *,
        false as is_short_of_members
    from request_line_sums
    union all
    select
        report_id,
        identity_id,
        slice,
        lhs,
        rhs,
        cast(null as bigint) as gaps,
        is_short_of_members
    from cell_sums

),

final as (

    select
        sums.report_id,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        coalesce(sums.lhs, 0) - coalesce(sums.rhs, 0) as gap,
        {% for terms in ['empty', 'raising', 'lowering', 'empty_left', 'empty_right', 'unreadable'] %}
            coalesce(gap_patterns.{{ terms }}_terms, unreported_terms.{{ terms }}_terms, 0) as {{ terms }}_terms,
        {% endfor %}
        coalesce(gap_patterns.missing_terms, unreported_terms.missing_terms, 0)
        + case when report_gaps.report_id is not null or sums.is_short_of_members then 1 else 0 end as missing_terms,
        coalesce(
            report_gaps.reason,
            case when sums.is_short_of_members then 'members: a line is missing' end,
            gap_patterns.reason,
            unreported_terms.reason
        ) as reason
    from sums
    left join gap_patterns on sums.identity_id = gap_patterns.identity_id and sums.gaps = gap_patterns.gaps
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
