{#-
    Identities that are checked along a row, its columns side by side: the weight of each column on either side and in
    the pattern of gaps (weights_of_columns), and with them both sides of a row and its pattern (sums_along_rows).
-#}

{#- Aggregates over the terms of an identity, in `identity_terms`. -#}
{% macro weights_of_columns(columns) -%}
    {%- for column in columns %}
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
    {%- endfor %}
{%- endmacro %}

{#- lhs, rhs and gaps of rows that stand beside their weights. -#}
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
    nullif(
        {%- for column in columns %}
        coalesce({{ gap_code(column ~ '_status') }} * {{ column }}_gap_weight, 0){% if not loop.last %} +{% endif %}
        {%- endfor %}, 0
    ) as gaps
{%- endmacro %}
