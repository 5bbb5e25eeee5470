-- Every check before its verdict: both sides over the cells that hold a number, and the terms that hold none.
{% set columns = applicant_columns() %}
with requests_by_column as (

    select * from {{ ref('int_checks_requests_by_column') }}

),

requests_by_row as (

    select * from {{ ref('int_checks_requests_by_row') }}

),

requests_rollup as (

    select * from {{ ref('int_checks_requests_rollup') }}

),

reviews as (

    select * from {{ ref('int_checks_reviews') }}

),

by_cell as (

    select * from {{ ref('int_checks_by_cell') }}

),

rollup_identities as (

    select distinct
        identity_id,
        column_code
    from {{ ref('int_identity_terms') }}
    where evaluated_by = 'rollup'

),

patterns as (

    select * from {{ ref('int_missing_value_patterns') }}

),

unassessable_checks as (

    select * from {{ ref('int_unassessable_checks') }}

),

-- a row's total is on the left, and all parts of the row are on the right
identities_of_row_totals as (

    select identity_id
    from {{ ref('int_identity_terms') }}
    where evaluated_by = 'row'
    group by identity_id, form_table
    having
        count(distinct column_code)
        = case form_table when 'requests' then {{ columns | length }} else {{ result_columns() | length }} end
        and min(case
            when side = 'left' and column_code = 'total' then 1
            when side = 'right' and column_code <> 'total' and coefficient < 0 then 1
            else 0
        end) = 1

),

rollups as (

    select * from {{ unpivoted('requests_rollup', columns, {
        'lhs': '{}_lhs', 'rhs': '{}_rhs',
        'missing_values': '{}_missing_values', 'missing_members': '{}_missing_members',
    }) }}

),

checks as (

    select
        report_id,
        identity_id,
        column_code as slice,
        lhs,
        rhs,
        missing_values,
        0 as missing_members
    from {{ unpivoted('requests_by_column', columns, {
        'lhs': '{}_lhs', 'rhs': '{}_rhs', 'missing_values': '{}_missing_values',
    }) }}
    union all
    select
        *,
        0 as missing_members
    from requests_by_row
    union all
    select
        *,
        0 as missing_members
    from reviews
    union all
    select
        rollups.report_id,
        rollup_identities.identity_id,
        rollups.line_code as slice,
        rollups.lhs,
        rollups.rhs,
        rollups.missing_values,
        rollups.missing_members
    from rollups
    inner join rollup_identities on rollups.column_code = rollup_identities.column_code
    union all
    select
        report_id,
        identity_id,
        slice,
        lhs,
        rhs,
        missing_values,
        missing_members
    from by_cell

),

final as (

    select
        checks.report_id,
        checks.identity_id,
        checks.slice,
        checks.lhs,
        checks.rhs,
        coalesce(checks.lhs, 0) - coalesce(checks.rhs, 0) as difference,
        {% for terms in ['empty', 'raising', 'lowering', 'empty_left', 'empty_right', 'unreadable'] %}
            coalesce(patterns.{{ terms }}_terms, 0) as {{ terms }}_terms,
        {% endfor %}
        coalesce(patterns.missing_terms, 0)
        + case when unassessable_checks.report_id is null then 0 else 1 end as missing_terms,
        case
            when unassessable_checks.reason is not null then unassessable_checks.reason
            -- all parts are blank, and the number is somewhere among them: nothing that a slip could hide behind
            when
                identities_of_row_totals.identity_id is not null
                and checks.lhs > 0 and checks.rhs is null
                and patterns.lowering_terms > 0 and patterns.lowering_terms = patterns.empty_terms
                and patterns.unreadable_terms = 0 and patterns.missing_terms = 0
                then 'undistributed: total'
            else patterns.reason
        end as reason
    from checks
    left join patterns
        on
            checks.identity_id = patterns.identity_id
            and checks.slice = patterns.slice
            and checks.missing_values = patterns.missing_values
            and checks.missing_members = patterns.missing_members
    left join identities_of_row_totals on checks.identity_id = identities_of_row_totals.identity_id
    left join unassessable_checks
        on checks.report_id = unassessable_checks.report_id and checks.identity_id = unassessable_checks.identity_id

)

select * from final
