-- Both sides of the identities of table 三 that are checked line by line, over the reported cells.
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}

),

identities as (

    select * from {{ ref('identities') }}
    where form_table = 'requests' and slice_by = 'line' and family <> 'rollup'

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

-- one row an identity: the weight of each column on either side
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
            end) as {{ column }}_right{% if not loop.last %},{% endif %}
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
            end as {{ 'lhs' if side == 'left' else 'rhs' }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from rows_of_requests
    cross join weights

)

select * from final
