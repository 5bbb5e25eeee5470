{#-
    Of an increment of few reports, the rows that a table by report is given stand apart too until the build ends: in
    `fresh`, a database in memory. Models and tests that look at just these reports read them there, and do not look
    through the large table that they went into.
-#}

{% macro open_fresh_rows() %}
    {% do run_query("attach ':memory:' as fresh") %}
    {#- dbt learns that there is nothing yet, and is told of each table after -#}
    {% do fresh_rows('') %}
{% endmacro %}

{#- The rows that this build has given to a table, as a relation, or none. -#}
{% macro fresh_rows(name) %}
    {% do return(adapter.get_relation('fresh', 'main', name)) %}
{% endmacro %}

{#- The same, where `touched` and `condition` name the reports by which the table is kept. -#}
{% macro fresh_rows_of(relation, touched, condition) %}
    {% set node = graph.nodes.get('model.gouji.' ~ relation.identifier) if is_increment() and deletes_rows() %}
    {% if node and node.config.meta.get('touched') == touched and node.config.meta.get('condition') == condition %}
        {% do return(fresh_rows(relation.identifier)) %}
    {% endif %}
    {% do return(none) %}
{% endmacro %}

{#- Puts the rows of the model at hand there, where they are of few reports; gives the relation, or none. -#}
{% macro keep_fresh_rows(query) %}
    {% set meta = model.config.meta %}
    {#- raw rows are read by way of staging, tables kept by year as they are -#}
    {% if meta.get('touched', 'raw_changes') == 'raw_changes' or meta.get('key') == 'report_year' %}
        {% do return(none) %}
    {% endif %}
    {#- the rows of many would fill the memory: they are looked for in the tables themselves -#}
    {% if not are_few_reports(relation_of_model(meta['touched']), meta['condition']) %}
        {% do return(none) %}
    {% endif %}
    {% set fresh = api.Relation.create(database='fresh', schema='main', identifier=this.identifier, type='table') %}
    {% do run_query('create table ' ~ fresh.include(schema=false) ~ ' as ' ~ query) %}
    {% do adapter.cache_added(fresh) %}
    {% do return(fresh) %}
{% endmacro %}

{#-
    When a build ends, what is fresh goes. Of one that failed it stays in the file, as a schema of that name, so that the
    SQL of a test that failed can still be run.
-#}
{% macro close_fresh_rows() %}
    {% if has_failed() %}
        {% do drop_fresh_rows_left() %}
        {% do run_query('create schema ' ~ schema_of_fresh_rows()) %}
        {% for name in run_query("select table_name from duckdb_tables() where database_name = 'fresh'").columns[0].values() %}
            {% do run_query('create table ' ~ schema_of_fresh_rows() ~ '.' ~ name ~ ' as from fresh.main.' ~ name) %}
        {% endfor %}
    {% endif %}
    {% do run_query('detach database if exists fresh') %}
{% endmacro %}

{% macro has_failed() %}
    {% for result in results or [] if result.status in ('fail', 'error', 'runtime error') %}
        {% do return(true) %}
    {% endfor %}
    {% do return(false) %}
{% endmacro %}

{% macro drop_fresh_rows_left() %}
    {% do run_query('drop schema if exists ' ~ schema_of_fresh_rows() ~ ' cascade') %}
{% endmacro %}

{% macro schema_of_fresh_rows() %}
    {% do return(adapter.quote(target.database) ~ '.fresh') %}
{% endmacro %}
