{#- In place of dbt's own: after an increment only the rows that it wrote. -#}
{% test not_null(model, column_name) %}

select *
from {{ rows_to_test(model) }}
where {{ column_name }} is null

{% endtest %}
