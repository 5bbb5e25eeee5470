{#- A number of 64 bits for the columns together; two keys may by chance share one. -#}
{% macro hash_of_key(columns) -%}
    {{ adapter.dispatch('hash_of_key')(columns) }}
{%- endmacro %}

{% macro duckdb__hash_of_key(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
