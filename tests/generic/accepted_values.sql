{#- In place of dbt's own: after an increment only the rows that it wrote. -#}
{% test accepted_values(model, column_name, values) %}

select
    {{ column_name }},
    count(*) as rows_found
from {{ rows_to_test(model) }}
where {{ column_name }} not in ('{{ values | join("', '") }}')
group by {{ column_name }}

{% endtest %}
