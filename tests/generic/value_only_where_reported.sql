{#- A cell has a value exactly where its status is `reported`: nothing is filled in, nothing is lost. -#}
{% test value_only_where_reported(model, value_column, status_column) %}

select *
from {{ model }}
where ({{ value_column }} is not null) <> ({{ status_column }} = 'reported')

{% endtest %}
