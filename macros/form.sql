{#- The wide columns of table 三 and table 四, as the raw tables have them; a test holds them against the seeds. -#}

{% macro applicant_columns() %}
    {% do return([
        'natural_person', 'commercial_enterprise', 'research_institution', 'public_welfare_organization',
        'legal_service_organization', 'other_organization', 'total',
    ]) %}
{% endmacro %}

{#- Without the printed row total. -#}
{% macro applicant_types() %}
    {% do return(applicant_columns() | reject('equalto', 'total') | list) %}
{% endmacro %}

{% macro result_columns() %}
    {% do return(['upheld', 'corrected', 'other', 'pending', 'total']) %}
{% endmacro %}
