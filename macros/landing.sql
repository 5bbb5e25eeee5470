{#-
    A large load comes in a landing folder instead of the raw seeds: one file <table>.parquet or <table>.csv for
    each table, or a folder <table>/ of Parquet files. `agencies`, `agency_successions` and `rollup_members` may be
    there too; they are added to the seeds of that name.
-#}
{% macro landing() %}
    {% do return(var('landing', env_var('GOUJI_LANDING', ''))) %}
{% endmacro %}

{#- The landed files of a table as a relation, or none where the folder has none. -#}
{% macro landed_files(table) %}
    {% do return(adapter.dispatch('landed_files')(table)) %}
{% endmacro %}

{% macro duckdb__landed_files(table) %}
    {% if not execute or not landing() %}
        {% do return(none) %}
    {% endif %}
    {#- The dialect is stated: DuckDB would guess it from the first 20,480 rows, in which no cell may be quoted. -#}
    {% set as_csv = "header = true, all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"'" %}
    {% set readers = {
        table ~ '.parquet': "read_parquet('{}')",
        table ~ '/**/*.parquet': "read_parquet('{}', hive_partitioning = false, union_by_name = true)",
        table ~ '.csv': "read_csv('{}', " ~ as_csv ~ ")",
    } %}
    {% for files, reader in readers.items() %}
        {% set path = landing() ~ '/' ~ files %}
        {% if run_query("select count(*) from glob('" ~ path ~ "')").columns[0].values()[0] > 0 %}
            {% do return(reader.format(path)) %}
        {% endif %}
    {% endfor %}
    {% do return(none) %}
{% endmacro %}

{% macro spark__landed_files(table) %}
    {% if not execute or not landing() %}
        {% do return(none) %}
    {% endif %}
    {% set as_parquet = "with ('recursiveFileLookup' = 'true', 'mergeSchema' = 'true')" %}
    {% set as_csv = "with ('header' = 'true', 'multiLine' = 'true', 'sep' = ',', 'quote' = '\"', 'escape' = '\"')" %}
    {% set readers = {
        table ~ '.parquet': 'parquet.`{}/' ~ table ~ '.parquet` ' ~ as_parquet,
        table ~ '/.*[.]parquet': 'parquet.`{}/' ~ table ~ '` ' ~ as_parquet,
        table ~ '.csv': 'csv.`{}/' ~ table ~ '.csv` ' ~ as_csv,
    } %}
    {% set every_file = 'binaryFile.`' ~ landing() ~ "` with ('recursiveFileLookup' = 'true')" %}
    {% for files, reader in readers.items() %}
        {% set found = "select count(*) from " ~ every_file ~ " where path rlike '/" ~ files ~ "$'" %}
        {% if run_query(found).columns[0].values()[0] > 0 %}
            {% do return(reader.format(landing())) %}
        {% endif %}
    {% endfor %}
    {% do return(none) %}
{% endmacro %}

{#- Fails before anything is built where a landed table is missing or has other columns than the raw table. -#}
{% macro check_landing() %}
    {% if execute and landing() and flags.WHICH in ('build', 'run') %}
        {% for table, columns in var('raw_columns').items() %}
            {% set files = landed_files(table) %}
            {% if files is none and table not in var('raw_tables_of_old_forms') %}
                {% do exceptions.raise_compiler_error(
                    'The landing folder ' ~ landing() ~ ' has no ' ~ table ~ ': put ' ~ table ~ '.parquet, '
                    ~ table ~ '.csv or a folder ' ~ table ~ '/ of Parquet files there.'
                ) %}
            {% endif %}
            {% set found = run_query('describe select * from ' ~ files).columns[0].values() if files else columns %}
            {% for column in columns if column not in found %}
                {% do exceptions.raise_compiler_error(
                    table ~ ' in the landing folder ' ~ landing() ~ ' has no column ' ~ column
                    ~ '; it needs ' ~ columns | join(', ') ~ '.'
                ) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#- The raw rows where they come from: the landing folder, every column as text, or the seed. As `ref` gives them. -#}
{% macro rows_landed(table) -%}
    {%- set files = landed_files(table) -%}
    {%- if landing() and files is none and table in var('raw_tables_of_old_forms') -%}
        (
            select
                {% for column in var('raw_columns')[table] %}
                    cast(null as {{ dbt.type_string() }}) as {{ column }}{% if not loop.last %},{% endif %}

                {% endfor %}
            where 1 = 0
        ) as {{ table }}
    {%- elif landing() -%}
        (
            select
                {% for column in var('raw_columns')[table] %}
                    cast({{ column }} as {{ dbt.type_string() }}) as {{ column }}{% if not loop.last %},{% endif %}

                {% endfor %}
            from {{ files }}
            {{ 'where ' ~ is_of_batch(model, ['report_id']) if reads_its_batch() }}
        ) as {{ table }}
    {%- else -%}
        {{ ref(table) }}
    {%- endif -%}
{%- endmacro %}

{#- The rows of a seed, which a CTE of its name holds, and of the landed table of that name, as the seed has them. -#}
{% macro with_landed(seed, columns) -%}
    select
        {% for column in columns %}
            {{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from {{ seed }}
    {%- set landed = landed_files(seed) %}
    {%- if landed %}
        {%- set types = graph.nodes['seed.gouji.' ~ seed].config.column_types %}
    union all
    select
        {% for column in columns %}
            cast(nullif(cast({{ column }} as {{ dbt.type_string() }}), '') as {{ spark_type(types[column]) }}) as {{ column }}
            {%- if not loop.last %},{% endif %}

        {% endfor %}
    from {{ landed }}
    {%- endif %}
{%- endmacro %}
