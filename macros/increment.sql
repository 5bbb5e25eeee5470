{#-
    Builds that touch only what has changed. The large models keep their tables (kept_table.sql), which are keyed by
    report. What a build saw of each report is kept in built_reports; the next one compares (raw_changes,
    int_touched_reports) and writes anew only the reports that differ, whose rows it deletes first. Tables of a row for
    each report, which must be known before the comparison, are written anew for the years in which anything has changed
    (int_changed_years).

    An increment needs a build that went through to its end, which built_years says, of the same code and the same engine,
    and all tables that it adds to. In any other case everything is dropped and built in full, as with --full-refresh.
-#}

{#- On run start: put what the last build saw aside, or begin afresh. A run of a few models leaves nothing to go on from. -#}
{% macro begin_increment() %}
    {% if writes_all_models() and knows_increments() %}
        {% do end_increment() %}
        {% if deletes_rows() %}
            {% do drop_fresh_rows_left() %}
            {% do reset_settings() %}
        {% endif %}
        {% if can_go_on() %}
            {% for relation in [relation_of('built_years'), relation_of('broken_cells')] %}
                {% do adapter.rename_relation(
                    relation, relation.incorporate(path={'identifier': relation.identifier ~ '_before'})
                ) %}
            {% endfor %}
            {% if deletes_rows() %}
                {% do adapter.commit() %}
                {% do leave_blocks_as_they_are() %}
                {% do take_little_memory() %}
                {% do open_fresh_rows() %}
            {% endif %}
        {% elif 'seed.gouji.identities' in selected_resources %}
            {% do begin_afresh() %}
        {% else %}
            {% do exceptions.raise_compiler_error(no_base()) %}
        {% endif %}
    {% elif deletes_rows() and writes_some_models() and relation_of('built_years') %}
        {% do adapter.drop_relation(relation_of('built_years')) %}
    {% endif %}
{% endmacro %}

{#-
    Blocks that an increment takes rows from are not packed again: that took it a tenth of its time, and after several the
    file was no smaller for it. A full build without packing takes longer, and its file is larger.
-#}
{% macro leave_blocks_as_they_are() %}
    {% do run_query('set global max_vacuum_tasks = 0') %}
{% endmacro %}

{#-
    What an increment sets for itself lasts as long as the process does, which may build again. It is not set back when it
    ends: DuckDB would pack the blocks when the file is closed.
-#}
{% macro reset_settings() %}
    {% do run_query('reset global max_vacuum_tasks') %}
    {% do take_all_memory() %}
{% endmacro %}

{#-
    An increment of few reports is faster with little memory: DuckDB fills all that it has with blocks of the file that
    are read once, and each page of it that it asks the system for costs more than to read such a block again.
-#}
{% macro take_little_memory() %}
    {% set number, unit = run_query("select current_setting('memory_limit')").columns[0].values()[0].split(' ') %}
    {% if unit == 'TiB' or (unit == 'GiB' and number | float > 1.9) %}
        {% do run_query("set global memory_limit = '2GB'") %}
    {% endif %}
{% endmacro %}

{#- Behind int_touched_reports: with many reports an increment takes all again, as a full build does. -#}
{% macro take_all_memory_for_many() %}
    {% if is_increment() and deletes_rows() and not are_few_reports(this, 'true') %}
        {% do take_all_memory() %}
    {% endif %}
{% endmacro %}

{% macro take_all_memory() %}
    {% do run_query("set global memory_limit = '" ~ target.config_options.memory_limit ~ "'") %}
{% endmacro %}

{#- Whether few reports are among those that a model and a condition name, all of which an increment writes. -#}
{% macro are_few_reports(touched, condition) %}
    {% set count_reports = 'select count(*) from ' ~ touched ~ ' where ' ~ condition %}
    {% do return(run_query(count_reports).columns[0].values()[0] <= var('few_reports', 20000)) %}
{% endmacro %}

{#- Whether the database is one that an increment can go on from. -#}
{% macro can_go_on() %}
    {% set built = relation_of('built_years') %}
    {% do return(
        built and relation_of('broken_cells') and not flags.FULL_REFRESH and all_are_kept() and same_code(built)
    ) %}
{% endmacro %}

{% macro no_base() %}
    {% do return(
        'There is no build to go on from: it is missing, did not reach its end, or was made by another version of the '
        ~ 'project or its tools. Build everything, without `--selector increment`.'
    ) %}
{% endmacro %}

{#- Whether each table that an increment would add rows to is there. -#}
{% macro all_are_kept() %}
    {% for node in graph.nodes.values() if node.config.materialized == 'kept_table' %}
        {% if adapter.get_relation(target.database, node.schema, node.name) is none %}
            {% do return(false) %}
        {% endif %}
    {% endfor %}
    {% do return(true) %}
{% endmacro %}

{#- On run end: what was put aside goes. -#}
{% macro end_increment() %}
    {% if writes_all_models() %}
        {% for name in ['built_years_before', 'broken_cells_before'] if relation_of(name) %}
            {% do adapter.drop_relation(relation_of(name)) %}
        {% endfor %}
        {% if deletes_rows() %}
            {% do close_fresh_rows() %}
        {% endif %}
    {% endif %}
{% endmacro %}

{% macro writes_all_models() %}
    {% do return(
        execute and flags.WHICH in ('build', 'run') and 'model.gouji.built_years' in selected_resources
    ) %}
{% endmacro %}

{% macro writes_some_models() %}
    {% if execute and flags.WHICH in ('build', 'run', 'seed') %}
        {% for node in selected_resources if node.startswith('model.') or node.startswith('seed.') %}
            {% do return(true) %}
        {% endfor %}
    {% endif %}
    {% do return(false) %}
{% endmacro %}

{#- Elsewhere every build is a full one. -#}
{% macro knows_increments() %}
    {% do return(target.type in ['duckdb', 'spark']) %}
{% endmacro %}

{#- Spark's files are never changed: there an increment replaces whole years (macros/spark/increment_by_year.sql). -#}
{% macro deletes_rows() %}
    {% do return(target.type == 'duckdb') %}
{% endmacro %}

{#- Drops every model and seed that is there, so that the incremental ones are made anew. -#}
{% macro begin_afresh() %}
    {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed') %}
        {% set relation = adapter.get_relation(target.database, node.schema, node.name) %}
        {% if relation is not none %}
            {% do adapter.drop_relation(relation) %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{#- A relation of the schema of the quality models as it is in the database, or none. -#}
{% macro relation_of(name) %}
    {% do return(adapter.get_relation(target.database, 'quality', name)) %}
{% endmacro %}

{#- The relation of a model as it was before this build wrote it, where a reference would be a circle. -#}
{% macro relation_of_model(name) %}
    {% do return(graph.nodes['model.gouji.' ~ name].relation_name) %}
{% endmacro %}

{% macro is_increment() %}
    {% do return(
        writes_all_models() and not flags.FULL_REFRESH and relation_of('built_years_before') is not none
    ) %}
{% endmacro %}

{% macro same_code(built) %}
    {% set found = run_query('select min(code) from ' ~ built.include(database=false)).columns[0].values() %}
    {% do return(found[0] == code_in_use()) %}
{% endmacro %}

{#- What the numbers are made with: models, macros and reference seeds, and the versions of dbt and its engine. -#}
{% macro code_in_use() %}
    {% do return(adapter.dispatch('code_in_use')()) %}
{% endmacro %}

{% macro duckdb__code_in_use() %}
    {% set project = flags.PROJECT_DIR or '.' %}
    {% set files = [] %}
    {% for pattern in ['models/**/*.sql', 'macros/**/*.sql', 'seeds/reference/**', 'dbt_project.yml'] %}
        {% do files.append("'" ~ project ~ '/' ~ pattern ~ "'") %}
    {% endfor %}
    {% set code %}
        select md5(string_agg(md5(content), '' order by filename) || version() || '{{ dbt_version }}')
        from read_text([{{ files | join(', ') }}])
    {% endset %}
    {% do return(run_query(code).columns[0].values()[0]) %}
{% endmacro %}

{#- What the last build saw of each report, or nothing where this one is a full one. -#}
{% macro reports_built_before() %}
    {% if is_increment() %}
        select * from {{ relation_of('built_reports').include(database=false) }}
    {% else %}
        select
            {% for column in ['report_id', 'raw_state', 'agency_id', 'cells_state', 'checks_state'] %}
                cast(null as {{ dbt.type_string() }}) as {{ column }},
            {% endfor %}
            cast(null as {{ dbt.type_int() }}) as report_year
        where 1 = 0
    {% endif %}
{% endmacro %}

{#- The same of each year. -#}
{% macro years_built_before() %}
    {% if is_increment() %}
        select * from {{ relation_of('built_years_before').include(database=false) }}
    {% else %}
        select
            cast(null as {{ dbt.type_int() }}) as report_year,
            cast(null as {{ dbt.type_string() }}) as year_state
        where 1 = 0
    {% endif %}
{% endmacro %}

{#- Whether the model at hand keeps its table and writes the reports touched; a unit test has no table. -#}
{% macro writes_touched_only() %}
    {% if not execute or this is none or model.config.materialized not in ['kept_table', 'incremental'] %}
        {% do return(false) %}
    {% endif %}
    {% set relation = load_cached_relation(this) %}
    {% do return(relation is not none and relation.is_table and not should_full_refresh()) %}
{% endmacro %}

{#-
    The rows of a relation that this build writes: all, or in an increment those of the reports touched.
    `touched` is the model that names them, with the condition on it; a unit test does not ask for it.
-#}
{% macro rows_touched(relation, touched, condition='true') -%}
    {%- set reports = ref(touched) if not execute or writes_touched_only() -%}
    {%- set fresh = fresh_rows_of(relation, touched, condition) if writes_touched_only() -%}
    {%- if fresh -%}
        {{ fresh }}
    {%- elif writes_touched_only() -%}
        (
            select * from {{ relation }}
            where
                report_id in ({{ reports_to_write(reports, condition) }})
                {{ years_touched(relation, reports, condition) }}
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#-
    For a table with years, the condition that its year is one of a report touched, now or in the last build: the rows of
    a year mostly stand together in the file, so that the blocks of other years are not read.
-#}
{% macro years_touched(relation, touched, condition) -%}
    {%- set node = graph.nodes.get('model.gouji.' ~ relation.identifier) -%}
    {%- if deletes_rows() and node and node.config.meta.get('has_years') -%}
        and report_year in (
            select report_year from {{ touched }} where {{ condition }}
            union
            select report_year_before as report_year from {{ touched }} where {{ condition }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    The rows of a relation with years that the checks at hand look at: all, or in an increment those of the reports that
    stand as a source in the CTE report_pairs. A condition behind it would not reach below the union that takes rows apart.
-#}
{% macro rows_looked_at(relation) -%}
    {%- if writes_touched_only() -%}
        (
            select * from {{ relation }}
            where
                {{ is_among('report_id', 'report_pairs', 'source_report_id') }}
                and report_year in (select report_pairs.report_year + report_pairs.year_offset from report_pairs)
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- The reports whose rows an increment writes: those touched. -#}
{% macro reports_to_write(touched, condition) -%}
    {{ adapter.dispatch('reports_to_write')(touched, condition) }}
{%- endmacro %}

{% macro default__reports_to_write(touched, condition) -%}
    select report_id from {{ touched }} where {{ condition }}
{%- endmacro %}

{#- Before an increment: the rows of the reports, or of the years, that are touched go. -#}
{% macro delete_touched(touched, condition='true', key='report_id') %}
    {% if writes_touched_only() %}
        delete from {{ this }}
        where
            {{ key }} in (select {{ key }} from {{ touched }} where {{ condition }})
            {{ years_touched(this, touched, condition) if key == 'report_id' }}
    {% endif %}
{% endmacro %}

{#- A hash of rows: the same for the same rows in any order. -#}
{% macro state_of(columns) -%}
    cast(sum(cast({{ hash_of_key(columns) }} as decimal(38, 0))) as {{ dbt.type_string() }})
{%- endmacro %}

{#-
    A model whose rows belong to reports, so that a build writes only those that `touched` names. `has_years`: it has
    the column report_year.
-#}
{% macro by_report(touched, condition='true', has_years=false) %}
    {{ config(
        meta={'touched': touched, 'condition': condition, 'has_years': has_years},
        on_schema_change='fail',
    ) }}
    {{ adapter.dispatch('by_report')(touched, condition, has_years) }}
{% endmacro %}

{% macro default__by_report(touched, condition, has_years) %}
    {{ config(
        materialized='kept_table' if deletes_rows() else 'table',
        pre_hook="{{ delete_touched(ref('" ~ touched ~ "'), \"" ~ condition ~ "\") }}",
    ) }}
{% endmacro %}

{#-
    A model that adds up all reports of a year, so that a build writes only the years that have a report touched. A
    cluster makes it anew.
-#}
{% macro by_year(condition) %}
    {{ config(
        materialized='kept_table' if deletes_rows() else 'table',
        pre_hook="{{ delete_touched(ref('int_touched_years'), '" ~ condition ~ "', 'report_year') }}",
    ) }}
{% endmacro %}

{#-
    A model with a row for each report that is needed before it is known which reports are touched, so that a build writes
    the years in which anything has changed. A cluster makes it anew.
-#}
{% macro by_changed_year() %}
    {{ looked_at_by_changed_year() }}
    {{ config(
        materialized='kept_table' if deletes_rows() else 'table',
        pre_hook="{{ delete_touched(ref('int_changed_years'), 'true', 'report_year') }}",
    ) }}
{% endmacro %}

{#- Such a model, or a view of one: after an increment its tests look at the years in which anything has changed. -#}
{% macro looked_at_by_changed_year() %}
    {{ config(
        meta={'touched': 'int_changed_years', 'condition': 'true', 'key': 'report_year', 'has_years': true},
    ) }}
{% endmacro %}

{#- The rows of a relation of the years in which anything has changed, in an increment; else all. -#}
{% macro rows_of_changed_years(relation) -%}
    {%- set is_asked = not execute or (
        this is not none and (writes_touched_only() or (model.config.materialized == 'table' and is_increment()))
    ) -%}
    {%- set years = ref('int_changed_years') if is_asked -%}
    {%- if execute and is_asked and deletes_rows() -%}
        (select * from {{ relation }} where report_year in (select report_year from {{ years }}))
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- The rows of a relation that this build adds up: all, or in an increment those of the years touched. -#}
{% macro rows_of_years(relation, condition) -%}
    {%- set touched = ref('int_touched_years') if not execute or writes_touched_only() -%}
    {%- if writes_touched_only() -%}
        (
            select * from {{ relation }}
            where report_year in (select report_year from {{ touched }} where {{ condition }})
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#-
    The rows of a model that its tests look at, in place of dbt's own: all, and after an increment those that it wrote.
    The others were tested when they were written. As in dbt's own, of those the ones that `where` names.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set rows = rows_to_test(relation) -%}
    {%- set where = config.get('where', '') -%}
    {%- do return('(select * from ' ~ rows ~ ' where ' ~ where ~ ') as dbt_subquery' if where else rows) -%}
{%- endmacro %}

{% macro rows_to_test(relation) -%}
    {%- set node = graph.nodes.get('model.gouji.' ~ relation.identifier) if execute -%}
    {%- if node and is_increment() and node.config.meta.get('touched') -%}
        {%- set touched = node.config.meta['touched'] -%}
        {%- if node.config.meta.get('key') == 'report_year' -%}
            {%- set years = 'select report_year from ' ~ relation_of_model(touched) -%}
            {%- do return('(select * from ' ~ relation ~ ' where report_year in (' ~ years ~ '))') -%}
        {%- endif -%}
        {%- do return(rows_of_increment(relation, touched, node.config.meta['condition'])) -%}
    {%- endif -%}
    {%- do return(relation) -%}
{%- endmacro %}

{#- The rows of a relation of the reports that `touched` names, a reference or a model's name, in an increment; else all. -#}
{% macro rows_of_increment(relation, touched, condition='true') -%}
    {%- set model_of_touched = touched.identifier or touched -%}
    {%- set fresh = fresh_rows_of(relation, model_of_touched, condition) -%}
    {%- if fresh -%}
        {{ fresh }}
    {%- elif is_increment() -%}
        {%- set reports = relation_of_model(model_of_touched) -%}
        (
            select * from {{ relation }}
            where
                report_id in (select report_id from {{ reports }} where {{ condition }})
                {{ years_touched(relation, reports, condition) }}
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#-
    The rows of a relation that an increment checks anew, for a model that keeps no table and stands between large ones:
    an engine does not push the condition on the reports below sums and unions. Elsewhere than on DuckDB, all.
-#}
{% macro rows_checked_anew(relation) -%}
    {%- set touched = ref('int_touched_reports') -%}
    {{ rows_of_increment(relation, touched, 'has_new_checks') if execute and deletes_rows() else relation }}
{%- endmacro %}
