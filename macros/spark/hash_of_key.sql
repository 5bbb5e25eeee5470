{% macro spark__hash_of_key(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
