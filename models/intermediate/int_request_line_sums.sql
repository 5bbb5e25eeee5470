{{ config(materialized='view') }}

-- Both sides of the identities of table 三 that are checked line by line, over the reported cells,
-- with the pattern of the terms that hold none.
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}

),

identities as (

    select * from {{ ref('int_request_identities') }}
    where slice_by = 'line' and is_within_table

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

-- one row an identity: the weight of each column on either side, and in the pattern of gaps
weights as (

    select
        identity_terms.identity_id,
        {% for column in applicant_columns() %}
            max(case
                when identity_terms.column_code = '{{ column }}' and identity_terms.side = 'left'
                    then identity_terms.coefficient
            end) as {{ column }}_left,
            max(case
                when identity_terms.column_code = '{{ column }}' and identity_terms.side = 'right'
                    then -identity_terms.coefficient
            end) as {{ column }}_right,
            max(case
                when identity_terms.column_code = '{{ column }}' then {{ gap_weight('identity_terms.term_order') }}
            end) as {{ column }}_gap_weight{% if not loop.last %},{% endif %}
        {% endfor %}
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id
    group by identity_terms.identity_id

),

final as (

    select
        rows_of_requests.report_id,
        weights.identity_id,
        rows_of_requests.line_code as slice,
        {% for side in ['left', 'right'] %}
            case
                when
                    {% for column in applicant_columns() %}
                        {{ column }} * {{ column }}_{{ side }} is not null{% if not loop.last %} or{% endif %}

                    {% endfor %}
                    then cast(
                        {% for column in applicant_columns() %}
                            coalesce({{ column }} * {{ column }}_{{ side }}, 0){% if not loop.last %} +{% endif %}
                        {% endfor %}
                        as decimal(28, 4)
                    )
            end as {{ 'lhs' if side == 'left' else 'rhs' }},
        {% endfor %}
        nullif(
            {% for column in applicant_columns() %}
                coalesce({{ gap_code(column ~ '_status') }} * {{ column }}_gap_weight, 0)
                {%- if not loop.last %} +{% endif %}

            {% endfor %}, 0
        ) as gaps
    from rows_of_requests
    cross join weights

)

select * from final
