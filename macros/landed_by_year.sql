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
        {% if in_years == 0 or in_years != anywhere or kinds_of_files(path) != 1 %}
            {% do return(false) %}
        {% endif %}
    {% endfor %}
    {% do return(true) %}
{% endmacro %}

{#- How many kinds of columns the files have. Of several, the files of one year read alone are not what they are beside others. -#}
{% macro kinds_of_files(path) %}
    {% set kinds %}
        select count(distinct columns_of_file)
        from (
            select
                file_name,
                string_agg(concat_ws(' ', name, type, converted_type, logical_type), ', ' order by name) as columns_of_file
            from parquet_schema('{{ path }}/*/*.parquet')
            -- the first is the row as a whole, whose name is the writer's choice
            where num_children is null
            group by file_name
        ) as files
    {% endset %}
    {% do return(run_query(kinds).columns[0].values()[0]) %}
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

{#- The years that a query names, or none where all files are to be read, as raw_years says. -#}
{% macro years_to_read(query) %}
    {% if not execute or not landing() or not deletes_rows() %}
        {% do return(none) %}
    {% endif %}
    {% set by_year = 'select count(files_state) from ' ~ relation_of_model('raw_years') %}
    {% do return(run_query(query).columns[0].values() if run_query(by_year).columns[0].values()[0] else none) %}
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
