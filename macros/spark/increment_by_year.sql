{#-
    Increments on Spark. Tables with a report_year are partitioned by it. An increment makes anew the partitions of the
    years that have a report touched, and leaves the files of all others as they are. Tables without it are made anew.
-#}
{% macro spark__by_report(touched, condition, has_years) %}
    {% if has_years %}
        {{ config(
            materialized='incremental',
            incremental_strategy='insert_overwrite',
            partition_by=['report_year'],
            pre_hook="{{ drop_years_to_write('" ~ touched ~ "', \"" ~ condition ~ "\") }}",
        ) }}
    {% else %}
        {{ config(materialized='table') }}
    {% endif %}
{% endmacro %}

{#- Every current report of the years of the reports touched. -#}
{% macro spark__reports_to_write(touched, condition) %}
    {% set found = run_query(years_to_write(touched, condition)).columns[0].values() %}
    select report_id from {{ relation_of_model('int_reports') }}
    where report_year in ({{ found | join(', ') or 'null' }})
{% endmacro %}

{#- The years of the reports touched, also of those that the table has and that are gone. -#}
{% macro years_to_write(touched, condition) %}
    select report_year from {{ relation_of_model('stg_reports') }}
    where report_id in (select report_id from {{ touched }} where {{ condition }})
    union
    select report_year from {{ this }}
    where report_id in (select report_id from {{ touched }} where {{ condition }})
{% endmacro %}

{#- The partitions that are written anew go first: one that gets no rows would stay as it was. -#}
{% macro drop_years_to_write(touched, condition) %}
    {% if writes_touched_only() %}
        {% set years = years_to_write(relation_of_model(touched), condition) %}
        {% for year in run_query(years).columns[0].values() %}
            {% do run_query('alter table ' ~ this ~ ' drop if exists partition (report_year = ' ~ year ~ ')') %}
        {% endfor %}
    {% endif %}
{% endmacro %}
