{{ config(materialized='view') }}

-- The printed text of every cell, one join away from each fact row, with what stands beside the number.
with printed as (

    {% for column in applicant_columns() %}
        select
            report_id,
            'requests' as form_table,
            line_code,
            '{{ column }}' as column_code,
            {{ column }} as printed
        from {{ ref('stg_requests') }}
        union all
    {% endfor %}
    {% for column in result_columns() %}
        select
            report_id,
            'reviews' as form_table,
            channel as line_code,
            '{{ column }}' as column_code,
            {{ column }} as printed
        from {{ ref('stg_reviews') }}
        union all
    {% endfor %}
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        printed
    from {{ ref('stg_disclosures') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

final as (

    select
        printed.report_id,
        printed.form_table,
        printed.line_code,
        printed.column_code,
        printed.printed,
        numbers.printed_unit,
        numbers.remark
    from printed
    left join numbers on printed.printed = numbers.printed

)

select * from final
