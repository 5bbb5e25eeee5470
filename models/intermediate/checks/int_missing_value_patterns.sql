-- What the missing values of a check mean for its identity, once for each pattern: how many terms of which kind hold
-- no number, and their names.
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

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

-- a term that reads a row's total or its parts is one for all of these cells
identity_terms as (

    select distinct
        identity_id,
        slice,
        evaluated_by,
        scope,
        side,
        term_order,
        term_name,
        when_absent,
        can_raise,
        can_lower,
        missing_value_weight
    from identity_cells

),

patterns_of_checks as (

    select
        identity_id,
        column_code as slice,
        missing_values,
        0 as missing_members
    from {{ unpivoted('requests_by_column', columns, {'missing_values': '{}_missing_values'}) }}
    union
    select
        identity_id,
        slice,
        missing_values,
        0 as missing_members
    from requests_by_row
    union
    select
        identity_id,
        slice,
        missing_values,
        0 as missing_members
    from reviews
    union
    select
        identity_cells.identity_id,
        rollups.line_code as slice,
        rollups.missing_values,
        rollups.missing_members
    from (
        select distinct
            line_code,
            column_code,
            missing_values,
            missing_members
        from {{ unpivoted('requests_rollup', columns, {
            'missing_values': '{}_missing_values', 'missing_members': '{}_missing_members'
        }) }}
    ) as rollups
    inner join identity_cells
        on
            identity_cells.evaluated_by = 'rollup'
            and rollups.line_code = identity_cells.slice
            and rollups.column_code = identity_cells.column_code
    union
    select
        identity_id,
        slice,
        missing_values,
        missing_members
    from by_cell

),

patterns as (

    select
        identity_id,
        slice,
        missing_values,
        cast(missing_members as bigint) as missing_members
    from patterns_of_checks
    where missing_values > 0 or missing_members > 0

),

-- a digit to the base of 6, or a bit of its own, for each status
digits as (

    {% for status in missing_statuses() + ['contradictory'] %}
        select
            'cell' as evaluated_by,
            {{ 2 ** loop.index0 }} as place,
            2 as base,
            1 as digit,
            '{{ status }}' as value_status
        union all
        select
            'other' as evaluated_by,
            1 as place,
            6 as base,
            {{ loop.index }} as digit,
            '{{ status }}' as value_status
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

member_statuses as (

    {% for status in missing_statuses() %}
        select
            '{{ status }}' as value_status,
            cast({{ missing_member_weight(status) }} as bigint) as weight
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

missing_terms as (

    select
        patterns.*,
        identity_terms.side,
        identity_terms.term_order,
        identity_terms.term_name,
        identity_terms.when_absent,
        identity_terms.can_raise,
        identity_terms.can_lower,
        digits.value_status,
        1 as times
    from patterns
    inner join identity_terms
        on patterns.identity_id = identity_terms.identity_id and patterns.slice = identity_terms.slice
    inner join digits
        on case when identity_terms.evaluated_by = 'cell' then 'cell' else 'other' end = digits.evaluated_by
    where
        identity_terms.scope = 'own'
        and patterns.missing_values % (identity_terms.missing_value_weight * digits.place * digits.base)
        - patterns.missing_values % (identity_terms.missing_value_weight * digits.place)
        = identity_terms.missing_value_weight * digits.place * digits.digit
    union all
    select
        patterns.*,
        identity_terms.side,
        identity_terms.term_order,
        identity_terms.term_name,
        identity_terms.when_absent,
        identity_terms.can_raise,
        identity_terms.can_lower,
        member_statuses.value_status,
        cast(
            (
                patterns.missing_members % (member_statuses.weight * 10000)
                - patterns.missing_members % member_statuses.weight
            ) / member_statuses.weight as integer
        ) as times
    from patterns
    inner join identity_terms
        on patterns.identity_id = identity_terms.identity_id and patterns.slice = identity_terms.slice
    cross join member_statuses
    where identity_terms.scope = 'members'

),

-- a number in a raising term could raise left less right, in a lowering one lower it; `/` says that there is none
{% set is_empty = "value_status in ('blank', 'not_applicable')" %}
{% set kinds = {
    'empty': is_empty,
    'raising': "value_status = 'blank' and can_raise",
    'lowering': "value_status = 'blank' and can_lower",
    'empty_left': is_empty ~ " and side = 'left'",
    'empty_right': is_empty ~ " and side = 'right'",
    'unreadable': "value_status in ('unreadable', 'contradictory')",
    'missing': "value_status = 'absent' and when_absent = 'not_assessable'",
} %}
counts as (

    select
        identity_id,
        slice,
        missing_values,
        missing_members,
        {% for kind, condition in kinds.items() %}
            cast(sum(case when {{ condition }} then times else 0 end) as bigint)
                as {{ kind }}_terms{% if not loop.last %},{% endif %}

        {% endfor %}
    from missing_terms
    group by identity_id, slice, missing_values, missing_members

),

-- a term of members is named once for each of them
named_terms as (

    select
        identity_id,
        slice,
        missing_values,
        missing_members,
        value_status,
        {{ dbt.listagg(
            "concat(term_name, repeat(concat(', ', term_name), times - 1))", "', '", 'order by term_order'
        ) }} as term_names
    from missing_terms
    where times > 0
    group by identity_id, slice, missing_values, missing_members, value_status

),

reasons as (

    select
        identity_id,
        slice,
        missing_values,
        missing_members,
        {{ dbt.listagg("value_status || ': ' || term_names", "'; '", 'order by value_status') }} as reason
    from named_terms
    group by identity_id, slice, missing_values, missing_members

),

{% set is_short %}patterns.missing_members >= {{ short_of_members() }}{% endset %}
final as (

    select
        patterns.identity_id,
        patterns.slice,
        patterns.missing_values,
        patterns.missing_members,
        {% for kind in kinds if kind != 'missing' %}
            coalesce(counts.{{ kind }}_terms, 0) as {{ kind }}_terms,
        {% endfor %}
        coalesce(counts.missing_terms, 0) + case when {{ is_short }} then 1 else 0 end as missing_terms,
        case when {{ is_short }} then 'members: a line is missing' else reasons.reason end as reason
    from patterns
    {% for part in ['counts', 'reasons'] %}
        left join {{ part }}
            on
                patterns.identity_id = {{ part }}.identity_id
                and patterns.slice = {{ part }}.slice
                and patterns.missing_values = {{ part }}.missing_values
                and patterns.missing_members = {{ part }}.missing_members
    {% endfor %}

)

select * from final
