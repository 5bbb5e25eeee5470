-- What a pattern of gaps means for a roll-up of table 三: how many terms of which kind hold no number, and their names.
with request_rollup_sums as (

    select * from {{ ref('int_request_rollup_sums') }}

),

identity_cells as (

    select * from {{ ref('int_identity_cells') }}
    where family = 'rollup' and form_table = 'requests'

),

patterns as (

    {% for column in applicant_columns() %}
        select
            '{{ column }}' as column_code,
            {{ column }}_gaps as gaps
        from request_rollup_sums
        where {{ column }}_gaps > 0
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

terms as (

    select distinct
        identity_id,
        column_code,
        scope,
        term_order,
        side,
        can_raise,
        can_lower,
        when_absent,
        term_name
    from identity_cells

),

-- how often a term of each status stands in the pattern: the report's own once, a member's as often as there are members
gap_terms as (

    {% for status in gap_statuses() %}
        select
            patterns.gaps,
            terms.*,
            '{{ status }}' as value_status,
            {{ status in ['blank', 'not_applicable'] }} as is_empty,
            case
                when terms.scope = 'own' then {{ gap_of_report('patterns.gaps', status) }}
                else {{ gaps_of_members('patterns.gaps', status) }}
            end as times
        from patterns
        inner join terms on patterns.column_code = terms.column_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

gaps_there as (

    select * from gap_terms
    where times > 0

),

final as (

    {{ meaning_of_gaps('gaps_there', "concat(term_name, repeat(concat(', ', term_name), times - 1))", 'times') }}

)

select * from final
