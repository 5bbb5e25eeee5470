{#-
    Of an increment of few reports, the rows that a table by report is given stand apart too until the build ends: in
    `fresh_rows`, a database in memory. Models and tests that look at just these reports read them there, and do not look
    through the large table that they went into.
-#}

{% macro open_fresh_rows() %}
    {% do run_query("attach ':memory:' as fresh_rows") %}
    {#- dbt learns that there is nothing yet, and is told of each table after -#}
    {% do fresh_rows('') %}
{% endmacro %}

{#- The rows that this build has given to a table, as SQL names them, or none. -#}
{% macro fresh_rows(name) %}
    {% set relation = adapter.get_relation('fresh_rows', 'main', name) %}
    {#- without its schema, so that the name also finds what close_fresh_rows leaves -#}
    {% do return(relation.include(schema=false) if relation else none) %}
{% endmacro %}

{#- The same, where `touched` and `condition` name the reports by which the table is kept. -#}
{% macro fresh_rows_of(relation, touched, condition) %}
    {% set node = graph.nodes.get('model.gouji.' ~ relation.identifier) if is_increment() and deletes_rows() %}
    {% if node and node.config.meta.get('touched') == touched and node.config.meta.get('condition') == condition %}
        {% do return(fresh_rows(relation.identifier)) %}
    {% endif %}
    {% do return(none) %}
{% endmacro %}

{#- Puts the rows of the model at hand there, where they are of few reports; gives their name, or none. -#}
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
    {% do run_query('create table fresh_rows.main.' ~ this.identifier ~ ' as ' ~ query) %}
    {% do adapter.cache_added(
        api.Relation.create(database='fresh_rows', schema='main', identifier=this.identifier, type='table')
    ) %}
    {% do return(fresh_rows(this.identifier)) %}
{% endmacro %}

{#-
    When a build ends, they go. Where one of its tests failed they stay in the file, as a schema of that name, so that the
    test's SQL can still be run.
-#}
{% macro close_fresh_rows() %}
    {% set tables = run_query("select table_name from duckdb_tables() where database_name = 'fresh_rows'").columns[0].values() %}
    {% if tables and has_failed_test() %}
        {% do run_query('create schema ' ~ schema_of_fresh_rows()) %}
        {% for name in tables %}
            {% do run_query('create table ' ~ schema_of_fresh_rows() ~ '.' ~ name ~ ' as from fresh_rows.main.' ~ name) %}
        {% endfor %}
    {% endif %}
    {% do run_query('detach database if exists fresh_rows') %}
{% endmacro %}

{% macro has_failed_test() %}
    {% for result in results or [] if result.status == 'fail' %}
        {% do return(true) %}
    {% endfor %}
    {% do return(false) %}
{% endmacro %}

{% macro drop_fresh_rows_left() %}
    {% do run_query('drop schema if exists ' ~ schema_of_fresh_rows() ~ ' cascade') %}
{% endmacro %}

{% macro schema_of_fresh_rows() %}
    {% do return(adapter.quote(target.database) ~ '.fresh_rows') %}
{% endmacro %}
