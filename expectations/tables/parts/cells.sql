{#- The cells of the reports that a query names, one row each; of the two wide tables only rows without
    some number where `missing_only` says so. -#}
{% macro cells_of(reports, missing_only=false) %}
    select report_id, 'requests' as form_table, line_code, column_code, value, value_status, is_subtotal, is_without_total
    from (
        from intermediate.int_request_rows
        where report_id in ({{ reports }})
        {% if missing_only %}
            and not ({{ applicant_columns | join("_status = 'reported' and ") }}_status = 'reported')
        {% endif %}
    )
    unpivot include nulls ((value, value_status) for column_code in (
        {% for column in applicant_columns %}
            ({{ column }}, {{ column }}_status) as '{{ column }}'{{ ',' if not loop.last }}
        {% endfor %}
    ))
    union all
    select report_id, 'reviews', channel, column_code, value, value_status, false, is_without_total
    from (
        from intermediate.int_review_rows
        where report_id in ({{ reports }})
        {% if missing_only %}
            and not ({{ result_columns | join("_status = 'reported' and ") }}_status = 'reported')
        {% endif %}
    )
    unpivot include nulls ((value, value_status) for column_code in (
        {% for column in result_columns %}
            ({{ column }}, {{ column }}_status) as '{{ column }}'{{ ',' if not loop.last }}
        {% endfor %}
    ))
    union all
    select report_id, 'disclosures', line_code, measure_code, value, value_status, false, false
    from intermediate.int_disclosure_cells
    where report_id in ({{ reports }})
    union all
    select report_id, 'narrative', figure_code, 'stated', value, value_status, false, false
    from intermediate.int_narrative_figures
    where report_id in ({{ reports }})
{% endmacro %}

{#- Which of the cells that a term of int_identity_terms names it reads. -#}
{% macro is_read() -%}
    subtotals in ('taken', if(is_subtotal, 'only', 'left_out')) and coalesce(without_total = is_without_total, true)
{%- endmacro %}
