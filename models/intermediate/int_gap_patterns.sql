-- What a pattern of gaps means for its identity: how many terms of which kind hold no number, and their names.
with request_column_sums as (

    select * from {{ ref('int_request_column_sums') }}

),

request_line_sums as (

    select * from {{ ref('int_request_line_sums') }}

),

review_line_sums as (

    select * from {{ ref('int_review_line_sums') }}

),

identity_cells as (

    select * from {{ ref('int_identity_cells') }}

),

patterns as (

    select
        identity_id,
        gaps
    from request_line_sums
    where gaps is not null
    union
    select
        identity_id,
        gaps
    from review_line_sums
    where gaps is not null
    {% for column in applicant_columns() %}
        union
        select
            identity_id,
            {{ column }}_gaps as gaps
        from request_column_sums
        where {{ column }}_gaps is not null
    {% endfor %}

),

terms as (

    select distinct
        identity_id,
        term_order,
        {{ gap_weight('term_order') }} as gap_weight,
        side,
        can_raise,
        can_lower,
        when_absent,
        term_name
    from identity_cells
    where is_within_table

),

statuses as (

    {% for status in gap_statuses() %}
        select
            '{{ status }}' as value_status,
            {{ loop.index }} as gap_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- the digit of each term
gap_terms as (

    select
        patterns.gaps,
        terms.*,
        statuses.value_status,
        statuses.value_status in ('blank', 'not_applicable') as is_empty
    from patterns
    inner join terms on patterns.identity_id = terms.identity_id
    cross join statuses
    where
        patterns.gaps % (terms.gap_weight * 6) - patterns.gaps % terms.gap_weight
        = statuses.gap_code * terms.gap_weight

),

final as (

    {{ meaning_of_gaps('gap_terms', 'term_name') }}

)

select * from final
