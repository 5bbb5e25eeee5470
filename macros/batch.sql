{#-
    A build writes one batch of reports, which models/batch/report_batch.sql names: all of them, or, where there is
    a build to go on from, those that differ from what it saw and those that hang on them. Incremental models keep
    the other rows. A model never knows: `ref` gives it the rows of its batch, `whole` all rows. Explanations and facts
    have batches of their own, with some reports more.
-#}

{#-
    A relation as a model, or a singular test, reads it. Named by schema and table alone: a view that named its database
    would stop working once the file is renamed, kept as the previous one, or attached under another name.
-#}
{% macro ref() %}
    {% set relation = builtins.ref(*varargs, **kwargs).include(database=false) %}
    {% do return(rows_of_batch(relation, model) if reads_its_batch() else relation) %}
{% endmacro %}

{#- All rows of a model: for what looks beyond the reports that it writes. -#}
{% macro whole(name) %}
    {% do return(builtins.ref(name).include(database=false)) %}
{% endmacro %}

{#- Whether this build goes on from the last one. If not, begin_batch has dropped what that one left. -#}
{% macro is_increment() %}
    {% do return(
        execute and flags.WHICH in ('build', 'run') and not flags.FULL_REFRESH
        and relation_of_model('build_state') is not none
    ) %}
{% endmacro %}

{% macro reads_its_batch() %}
    {#- a generic test names relations, which get_where_subquery narrows -#}
    {% do return(
        (is_incremental_model(model) or model.resource_type == 'test' and not model.test_metadata)
        and is_increment()
    ) %}
{% endmacro %}

{#- Whether a model's rows are of the batch; parts of such models, which are no relations, are too. -#}
{% macro is_incremental_model(node) %}
    {% set kinds = ['incremental', 'ephemeral'] if target.type == 'duckdb' else ['incremental'] %}
    {% do return(node.config.materialized in kinds) %}
{% endmacro %}

{#-
    The columns by which a node's batch is told from other rows: reports, and their years, so that blocks of other years
    are passed over; or whole years or bodies, for what looks at all reports of one. On Spark whole years, since its
    files are never changed.
-#}
{% macro keys_of_batch(node) %}
    {% set key = 'report_year' if target.type == 'spark' else node.config.meta.get('batch_key') %}
    {% do return([key] if key else ['report_id', 'report_year']) %}
{% endmacro %}

{#- The model that names the reports of a node's batch: explanations and facts have more than the others. -#}
{% macro batch_of(node) %}
    {% do return(node.config.meta.get('batch', 'report_batch')) %}
{% endmacro %}

{#- The rows of a model that are of a node's batch; all, where it has no such column. -#}
{% macro rows_of_batch(relation, reader) %}
    {% set node = graph.nodes.get('model.gouji.' ~ relation.identifier) %}
    {% set condition = is_of_batch(reader, node.columns) if node %}
    {% do return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ')' if condition else relation) %}
{% endmacro %}

{% macro is_of_batch(reader, columns) %}
    {% set keys = keys_of_batch(reader) %}
    {% set conditions = [] %}
    {% for key in keys if key in columns and keys[0] in columns %}
        {#- with a condition of its own, DuckDB looks each row up while it reads it -#}
        {% do conditions.append(
            key ~ ' in (select ' ~ key ~ ' from ' ~ relation_of_model(batch_of(reader))
            ~ ' where ' ~ key ~ ' is not null)'
        ) %}
    {% endfor %}
    {% do return(conditions | join(' and ')) %}
{% endmacro %}

{#- Before an incremental model: the rows of the batch go, those that it writes anew and those that are no more. -#}
{% macro delete_batch() %}
    {% if model.config.materialized == 'incremental' %}
        {% do builtins.ref(batch_of(model)) %}
        {% set is_kept = is_increment() and load_cached_relation(this) is not none %}
        {% if is_kept %}{{ adapter.dispatch('delete_rows_of_batch')() }}{% endif %}
    {% endif %}
{% endmacro %}

{% macro default__delete_rows_of_batch() %}
    {% set columns = adapter.get_columns_in_relation(this) | map(attribute='name') | list %}
    {% set condition = is_of_batch(model, columns) %}
    {% if condition %}delete from {{ this }} where {{ condition }}{% endif %}
{% endmacro %}

{#- A partition that gets no rows would stay as it was. -#}
{% macro spark__delete_rows_of_batch() %}
    {% set years = 'select distinct report_year from ' ~ relation_of_model(batch_of(model)) %}
    {% for year in run_query(years).columns[0].values() %}
        {% do run_query('alter table ' ~ this ~ ' drop if exists partition (report_year = ' ~ year ~ ')') %}
    {% endfor %}
{% endmacro %}

{#-
    The rows of a relation that its tests look at, in place of dbt's own: of a model that keeps its rows, and of a
    view of one, those of the batch. The others were tested when they were written. As in dbt's own, those that
    `where` names.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set node = graph.nodes.get('model.gouji.' ~ relation.identifier) if is_increment() -%}
    {%- set rows = relation -%}
    {%- if node and node.config.meta.get('tested_in_full_builds_only') -%}
        {%- set rows = '(select * from ' ~ relation ~ ' limit 0)' -%}
    {%- elif node and is_kept(node) -%}
        {%- set rows = rows_of_batch(relation, node) -%}
    {%- endif -%}
    {%- set where = config.get('where', '') -%}
    {%- do return('(select * from ' ~ rows ~ ' where ' ~ where ~ ') as dbt_subquery' if where else rows) -%}
{%- endmacro %}

{% macro is_kept(node) %}
    {% if node.config.materialized == 'view' %}
        {% for parent in node.depends_on.nodes if parent in graph.nodes and is_kept(graph.nodes[parent]) %}
            {% do return(true) %}
        {% endfor %}
    {% endif %}
    {% do return(node.config.materialized == 'incremental') %}
{% endmacro %}

{#- A model as it is in the database, or none. -#}
{% macro relation_of_model(name) %}
    {% set node = graph.nodes['model.gouji.' ~ name] %}
    {% set relation = adapter.get_relation(target.database, node.schema, node.alias) %}
    {% do return(relation.include(database=false) if relation else none) %}
{% endmacro %}

{#-
    On run start: where there is nothing to go on from, what this run writes is dropped, so that dbt makes it anew.
    A run that leaves out a model or a seed leaves nothing to go on from: what it left out is not of the same reports.
-#}
{% macro begin_batch() %}
    {% if execute and flags.WHICH in ('build', 'run') and not can_go_on() %}
        {% for name in incremental_models() if 'model.gouji.' ~ name in selected_resources %}
            {% for written in [name, 'build_state'] if relation_of_model(written) %}
                {% do adapter.drop_relation(relation_of_model(written)) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#- What the last build saw, of build_state what batches ask for; no row where there is none to go on from. -#}
{% macro rows_of_last_build() %}
    {%- if is_increment() -%}
    select * from {{ relation_of_model('build_state') }}
    {%- else -%}
    select
        cast(null as {{ dbt.type_string() }}) as report_id,
        cast(null as {{ dbt.type_string() }}) as agency_id,
        cast(null as integer) as report_year,
        cast(null as {{ dbt.type_string() }}) as fingerprint,
        cast(null as {{ dbt.type_string() }}) as marks,
        cast(null as {{ dbt.type_string() }}) as source_report_id
    where 1 = 0
    {%- endif -%}
{% endmacro %}

{#- Whether everything is to be built, upon a build of everything that reached its end, by the same code. -#}
{% macro can_go_on() %}
    {% for name in incremental_models() + ['report_fingerprints', 'report_batch', 'build_state'] %}
        {% if not relation_of_model(name) %}
            {% do return(false) %}
        {% endif %}
    {% endfor %}
    {% set builds %}
        select build_id, code from {{ relation_of_model('build_state') }}
        union
        select build_id, '{{ code_in_use() }}' from {{ relation_of_model('report_fingerprints') }}
    {% endset %}
    {% do return(not flags.FULL_REFRESH and is_of_everything() and run_query(builds).rows | length == 1) %}
{% endmacro %}

{#- Whether this run leaves out no model and no seed. -#}
{% macro is_of_everything() %}
    {% for id, node in graph.nodes.items() if node.resource_type in ('model', 'seed') %}
        {% if node.config.materialized != 'ephemeral' and id not in selected_resources %}
            {% do return(false) %}
        {% endif %}
    {% endfor %}
    {% do return(true) %}
{% endmacro %}

{% macro incremental_models() %}
    {% set found = [] %}
    {% for node in graph.nodes.values() if node.config.materialized == 'incremental' %}
        {% do found.append(node.name) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}

{#- Of each report with cells in broken checks or in doubt, a hash of which they are: a build and the last one are held by it. -#}
{% macro hashes_of_marks(broken_cells, doubtful_cells) -%}
    {% set cell = ['report_id', 'form_table', 'line_code', 'column_code'] | join(', ') %}
    select
        report_id,
        {{ hash_of_rows(['form_table', 'line_code', 'column_code', 'mark']) }} as marks
    from (
        select
            {{ cell }},
            case when broken_checks > 0 and broken_checks_on_values > 0 then 'both' when broken_checks > 0 then 'reported'
                else 'value' end as mark
        from {{ broken_cells }}
        union all
        select
            {{ cell }},
            'in doubt' as mark
        from {{ doubtful_cells }}
    ) as marked_cells
    group by report_id
{%- endmacro %}
