-- The cells of a table that the terms of a place name, one row each.
{% macro where_lines(line) %}{% if place.lines %}where {{ line }} in ({{ place.lines | literals }}){% endif %}{% endmacro %}
{% if place.form_table in ['requests', 'reviews'] %}
    select report_id, line_code, column_code, false as is_signed, value, status, is_subtotal, is_without_total
    from (
        {% if place.form_table == 'requests' %}
            select *
            from intermediate.int_request_rows
            {{ where_lines('line_code') }}
            {% if not place.takes_subtotals %}{{ 'and' if place.lines else 'where' }} not is_subtotal{% endif %}
        {% else %}
            select * rename (channel as line_code), false as is_subtotal
            from intermediate.int_review_rows
            {{ where_lines('channel') }}
        {% endif %}
    )
    unpivot include nulls (
        (value, status) for column_code in (
            {% for column in place.columns or columns_of[place.form_table] %}
                ({{ column }}, {{ column }}_status) as '{{ column }}'{% if not loop.last %},{% endif %}
            {% endfor %}
        )
    )
{% elif place.form_table == 'disclosures' %}
    select
        report_id,
        line_code,
        measure_code as column_code,
        measure_code in (select measure_code from reference.measures where kind = 'change') as is_signed,
        value,
        value_status as status,
        false as is_subtotal,
        false as is_without_total
    from intermediate.int_disclosure_cells
    {{ where_lines('line_code') }}
    {% if place.columns %}{{ 'and' if place.lines else 'where' }} measure_code in ({{ place.columns | literals }}){% endif %}
{% else %}
    select
        report_id,
        figure_code as line_code,
        'stated' as column_code,
        false as is_signed,
        value,
        value_status as status,
        false as is_subtotal,
        false as is_without_total
    from intermediate.int_narrative_figures
    {{ where_lines('figure_code') }}
{% endif %}
