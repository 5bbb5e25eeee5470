-- Every cell of the three tables that holds no number, and why.
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}
    where not ({% for column in applicant_columns() %}{{ column }}_status = 'reported'{% if not loop.last %} and {% endif %}{% endfor %})

),

rows_of_reviews as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

final as (

    {% for column in applicant_columns() %}
        select
            report_id,
            'requests' as form_table,
            line_code,
            '{{ column }}' as column_code,
            {{ column }}_status as value_status
        from rows_of_requests
        where {{ column }}_status <> 'reported' and not is_subtotal
        union all
    {% endfor %}
    {% for column in result_columns() %}
        select
            report_id,
            'reviews' as form_table,
            channel as line_code,
            '{{ column }}' as column_code,
            {{ column }}_status as value_status
        from rows_of_reviews
        where {{ column }}_status <> 'reported'
        union all
    {% endfor %}
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        value_status
    from disclosure_cells
    where value_status <> 'reported'

)

select * from final
