{#- Spark reads every CTE so. -#}
{% macro spark__read_in_place() %}{% endmacro %}
