{#-
    Where all raw tables lie in folders of years, <table>/report_year=…/*.parquet, as `gouji land --to` writes them, an
    increment on DuckDB reads the folders whose files are others than the last build saw. Everywhere else it reads all.
-#}

{#- Whether they do. -#}
{% macro is_landed_by_year() %}
    {% if not execute or not landing() or not deletes_rows() %}
        {% do return(false) %}
    {% endif %}
    {% for table in raw_columns() %}
        {% set path = landing() ~ '/' ~ table %}
        {% set count_files %}
            select
                (select count(*) from glob('{{ path }}/*/*.parquet') where {{ year_of('file') }} <> ''),
                (select count(*) from glob('{{ path }}/**/*.parquet')) + (select count(*) from glob('{{ path }}.parquet'))
        {% endset %}
        {% set in_years, anywhere = run_query(count_files).rows[0].values() %}
        {% if in_years == 0 or in_years != anywhere %}
            {% do return(false) %}
        {% endif %}
    {% endfor %}
    {% do return(true) %}
{% endmacro %}

{#- The year of the folder that a file lies in, or ''. -#}
{% macro year_of(file) -%}
    regexp_extract({{ file }}, '/report_year=([0-9]+)/[^/]*$', 1)
{%- endmacro %}

{#- A row for each year with a number for what its files hold; or one row for everything, without a number. -#}
{% macro years_landed() %}
    {% if is_landed_by_year() %}
        {% set patterns = [] %}
        {% for table in raw_columns() %}
            {% do patterns.append("'" ~ landing() ~ '/' ~ table ~ "/*/*.parquet'") %}
        {% endfor %}
        select
            {{ year_of('filename') }} as landed_in,
            {{ state_of(['filename', 'content']) }} as files_state
        from read_blob([{{ patterns | join(', ') }}])
        group by 1
    {% else %}
        select
            '' as landed_in,
            cast(null as {{ dbt.type_string() }}) as files_state
    {% endif %}
{% endmacro %}

{#- The landed files of a table in the folders of some years; where it has none, its columns without rows. -#}
{% macro files_of_years(table, years) %}
    {% set files %}
        select file from glob('{{ landing() }}/{{ table }}/*/*.parquet')
        where {{ year_of('file') }} in ('{{ years | join("', '") }}')
        order by file
    {% endset %}
    {% set found = run_query(files).columns[0].values() %}
    {% if found %}
        {% set names = "'" ~ found | join("', '") ~ "'" %}
        {% do return('read_parquet([' ~ names ~ '], hive_partitioning = false, union_by_name = true)') %}
    {% endif %}
    {% do return('(from ' ~ landed_files(table) ~ ' limit 0)') %}
{% endmacro %}

{#- The years that a query names, or none where all files are to be read. -#}
{% macro years_to_read(query) %}
    {% do return(run_query(query).columns[0].values() if is_landed_by_year() else none) %}
{% endmacro %}

{#- A raw table out of the landing folder, as a model: in an increment the rows of the reports that have changed. -#}
{% macro landed_model(table) %}
    {% set changes = ref('raw_changes') %}
    {% if writes_touched_only() %}
        {{ landed_table(table, years_to_read('select distinct landed_in from ' ~ changes ~ ' where landed_in is not null')) }}
        where report_id in (select report_id from {{ changes }})
    {% else %}
        {{ landed_table(table) }}
    {% endif %}
{% endmacro %}

{#- Before an increment: the numbers of reports whose files differ, or are gone, go. -#}
{% macro delete_landed_anew(years) %}
    {% if writes_touched_only() %}
        delete from {{ this }} where landed_in not in (select landed_in from {{ years }} where not is_new)
    {% endif %}
{% endmacro %}
