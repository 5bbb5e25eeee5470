{#- A number of 64 bits for the columns together; two keys may by chance share one. -#}
{% macro hash_of_key(columns) -%}
    {{ adapter.dispatch('hash_of_key')(columns) }}
{%- endmacro %}

{% macro duckdb__hash_of_key(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{#- A hash of rows: the same for the same rows in any order. -#}
{% macro hash_of_rows(columns) -%}
    cast(sum(cast({{ hash_of_key(columns) }} as decimal(38, 0))) as {{ dbt.type_string() }})
{%- endmacro %}
