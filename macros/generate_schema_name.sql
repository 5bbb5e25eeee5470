{#- Schemas are named as they are written (raw, marts, quality), with no prefix of the target's. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
