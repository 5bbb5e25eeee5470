{{ config(materialized='view') }}

-- Every cell of the three tables and every figure in the prose, one row each: its number and its status.
with request_rows as (

    select * from {{ ref('int_request_rows') }}

),

review_rows as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

narrative_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

final as (

    {{ request_cells('request_rows') }}
    union all
    {% for column in result_columns() %}
        select
            report_id,
            'reviews' as form_table,
            channel as line_code,
            '{{ column }}' as column_code,
            cast({{ column }} as decimal(28, 4)) as value,
            {{ column }}_status as value_status,
            false as is_subtotal
        from review_rows
        union all
    {% endfor %}
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        value,
        value_status,
        false as is_subtotal
    from disclosure_cells
    union all
    select
        report_id,
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code,
        value,
        value_status,
        false as is_subtotal
    from narrative_figures

)

select * from final
