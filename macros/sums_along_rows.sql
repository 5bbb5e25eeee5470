{#-
    Identities that are checked along a row, its columns side by side: the weight of each column on either side and
    in the pattern of missing values (weights_of_columns), and with them both sides of a row and its pattern
    (sums_along_rows).
-#}

{#- Aggregates over the terms of an identity, of which each column has one. -#}
{% macro weights_of_columns(columns) -%}
    {%- for column in columns %}
    max(case when column_code = '{{ column }}' and side = 'left' then coefficient end) as {{ column }}_left,
    max(case when column_code = '{{ column }}' and side = 'right' then -coefficient end) as {{ column }}_right,
    max(case when column_code = '{{ column }}' then missing_value_weight end) as {{ column }}_weight
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- lhs, rhs and missing_values of rows that stand beside their weights. -#}
{% macro sums_along_rows(columns) -%}
    {%- for side in ['left', 'right'] %}
    case
        when
            {%- for column in columns %}
            {{ column }} * {{ column }}_{{ side }} is not null{% if not loop.last %} or{% endif %}
            {%- endfor %}
            then cast(
                {%- for column in columns %}
                coalesce({{ column }} * {{ column }}_{{ side }}, 0){% if not loop.last %} +{% endif %}
                {%- endfor %}
                as decimal(28, 4)
            )
    end as {{ 'lhs' if side == 'left' else 'rhs' }},
    {%- endfor %}
    {% for column in columns %}
    coalesce({{ missing_value_digit(column ~ '_status') }} * {{ column }}_weight, 0){% if not loop.last %} +{% endif %}
    {%- endfor %} as missing_values
{%- endmacro %}
