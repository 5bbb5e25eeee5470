{#- Spark's hash passes over nulls: a null here and a null there would be the same. -#}
{% macro spark__hash_of_key(columns) -%}
    xxhash64(
        {%- for column in columns %}{{ column }}, {{ column }} is null{% if not loop.last %}, {% endif %}{% endfor -%}
    )
{%- endmacro %}
