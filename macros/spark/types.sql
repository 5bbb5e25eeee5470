{#- Spark's varchar needs a length; its type for text of any length is string. -#}
{% macro spark_type(type) %}
    {% do return(dbt.type_string() if type == 'varchar' else type) %}
{% endmacro %}

{#- The columns of a contract with Spark's names of their types. -#}
{% macro spark__get_empty_schema_sql(columns) %}
    select
        {% for column in columns.values() %}
            cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}{% if not loop.last %},{% endif %}

        {% endfor %}
{% endmacro %}
