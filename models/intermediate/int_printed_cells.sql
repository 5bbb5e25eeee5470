{{ config(materialized='view') }}

-- The printed text of every cell of the three tables, one row each.
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

final as (

    {% for column in applicant_columns() %}
        select
            report_id,
            'requests' as form_table,
            line_code,
            '{{ column }}' as column_code,
            {{ column }} as printed
        from requests
        union all
    {% endfor %}
    {% for column in result_columns() %}
        select
            report_id,
            'reviews' as form_table,
            channel as line_code,
            '{{ column }}' as column_code,
            {{ column }} as printed
        from reviews
        union all
    {% endfor %}
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        printed
    from disclosures

)

select * from final
