{#-
    Behind the `as` of a CTE that is read more than once and is large: it is read where it stands, each time only the
    columns and rows that are asked for. DuckDB would else write it out in full, to disk where it does not fit into memory.
-#}
{% macro read_in_place() -%}
    {{ adapter.dispatch('read_in_place')() }}
{%- endmacro %}

{% macro duckdb__read_in_place() %}not materialized{% endmacro %}

{#-
    That a column's value is in a column of a CTE. With a condition of its own on the CTE, DuckDB looks each row of a
    large table up while it reads it (a Bloom filter), and does not read the other columns of those that are not there.
-#}
{% macro is_among(column, cte, name) -%}
    {{ column }} in (select {{ cte }}.{{ name }} from {{ cte }} where {{ cte }}.{{ name }} is not null)
{%- endmacro %}
