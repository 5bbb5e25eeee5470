{#- The rows of table 三 taken apart into cells, one row each, as in int_cells. -#}
{% macro request_cells(rows_of_requests) -%}
    {%- for column in applicant_columns() %}
    select
        report_id,
        'requests' as form_table,
        line_code,
        '{{ column }}' as column_code,
        cast({{ column }} as decimal(28, 4)) as value,
        {{ column }}_status as value_status,
        is_subtotal
    from {{ rows_of_requests }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
