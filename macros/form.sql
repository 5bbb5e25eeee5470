{#- The wide columns of table 三 and table 四, as the raw tables have them, after the report and the row; a test holds
    them against the seeds. -#}

{% macro applicant_columns() %}
    {% do return((var('raw_columns')['raw_requests'] | list)[2:]) %}
{% endmacro %}

{#- Without the printed row total. -#}
{% macro applicant_types() %}
    {% do return(applicant_columns() | reject('equalto', 'total') | list) %}
{% endmacro %}

{% macro result_columns() %}
    {% do return((var('raw_columns')['raw_reviews'] | list)[2:]) %}
{% endmacro %}

{#- Without the printed total. -#}
{% macro result_types() %}
    {% do return(result_columns() | reject('equalto', 'total') | list) %}
{% endmacro %}
