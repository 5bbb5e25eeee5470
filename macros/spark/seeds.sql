{#-
    dbt-spark puts a seed into SQL as literals without escaping their quotes, and a row at a time. Here the rows
    travel as JSON in one literal: a text is a text whatever stands in it, and no file has to be on every machine.
-#}
{% macro spark__create_csv_table(model, agate_table) %}
    {% set sql %}
        create table {{ this.render() }} (
            {% for column in agate_table.column_names %}
                {{ adapter.quote(column) }} {{ seed_type(model, agate_table, loop.index0) }}
                {%- if not loop.last %},{% endif %}

            {% endfor %}
        )
        {{ file_format_clause() }}
        {{ comment_clause() }}
    {% endset %}
    {% do run_query(sql) %}
    {% do return(sql) %}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {% set names = agate_table.column_names %}
    {% set rows = [] %}
    {% for row in agate_table.rows %}
        {% set texts = [] %}
        {% for value in row %}
            {% do texts.append(none if value is none else value | string) %}
        {% endfor %}
        {% do rows.append(texts) %}
    {% endfor %}
    {% set sql %}
        insert into {{ this.render() }}
        select
            {% for column in names %}
                cast(texts[{{ loop.index0 }}] as {{ seed_type(model, agate_table, loop.index0) }})
                {%- if not loop.last %},{% endif %}

            {% endfor %}
        from explode(from_json('{{ dbt.escape_single_quotes(tojson(rows)) }}', 'array<array<string>>')) as rows_of_seed(texts)
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {% do return(sql) %}
{% endmacro %}

{% macro seed_type(model, agate_table, index) %}
    {% set column = agate_table.column_names[index] %}
    {% set type = model.config.column_types.get(column, adapter.convert_type(agate_table, index)) %}
    {% do return(spark_type(type)) %}
{% endmacro %}
