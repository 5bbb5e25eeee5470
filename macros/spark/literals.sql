{#- In Spark's literals a backslash is an escape as well; dbt-spark's own leaves it as it stands. -#}
{% macro spark__escape_single_quotes(text) -%}
    {{ text | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}
