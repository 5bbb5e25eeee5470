{#-
    Behind the `as` of a CTE that is read more than once and is large: it is read where it stands, each time only the
    columns and rows that are asked for. DuckDB would else write it out in full, to disk where it does not fit into memory.
    In an increment it is mostly small, and is written out.
-#}
{% macro read_in_place() -%}
    {{ adapter.dispatch('read_in_place')() }}
{%- endmacro %}

{% macro duckdb__read_in_place() %}{{ 'not materialized' if not is_increment() }}{% endmacro %}
