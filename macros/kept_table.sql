{#-
    A table that keeps its rows from build to build: the hook before it deletes those that this build writes anew
    (delete_touched), which then go into the table: straight, or of an increment of few reports by way of memory
    (fresh_rows.sql). dbt's `incremental` writes them to a table of the file first.
-#}
{% materialization kept_table, adapter='duckdb' %}
    {% set existing = load_cached_relation(this) %}
    {% set target = this.incorporate(type='table') %}
    {% set is_kept = writes_touched_only() %}
    {% set fresh = keep_fresh_rows(compiled_code) if is_kept and is_increment() %}
    {% set rows = 'from ' ~ fresh if fresh else compiled_code %}

    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}

    {#- a table that is made anew is there, old or new, whatever happens -#}
    {% do adapter.ensure_transaction() %}
    {% if existing is not none and not is_kept %}
        {% do adapter.drop_relation(existing) %}
    {% endif %}
    {% call statement('main') %}
        {% if is_kept %}
            {% if config.get('contract').enforced %}
                {{ get_assert_columns_equivalent(rows) }}
            {% endif %}
            {{ insert_into(target, rows) }}
        {% else %}
            {{ create_table_as(false, target, compiled_code) }}
        {% endif %}
    {% endcall %}
    {% do persist_docs(target, model) %}

    {{ run_hooks(post_hooks, inside_transaction=true) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=false) }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- Rows go in by the names of their columns: DuckDB fails where one is missing, and where there is one too many. -#}
{% macro insert_into(target, query) %}
    {% set columns = adapter.get_columns_in_relation(target) | map(attribute='name') | join(', ') %}
    insert into {{ target }} by name
    select {{ columns }}, * exclude ({{ columns }})
    from (
        {{ query }}
    )
{% endmacro %}
