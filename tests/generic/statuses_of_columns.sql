{#-
    Wide rows: every column has a status of the vocabulary, and a value exactly where it is `reported`.
    Nothing is filled in, nothing is lost.
-#}
{% test statuses_of_columns(model, columns) %}

select *
from {{ model }}
where
    {% for column in columns %}
    {{ 'or ' if not loop.first }}{{ column }}_status is null
    or {{ column }}_status not in ('reported', 'blank', 'not_applicable', 'unreadable', 'absent')
    or ({{ column }} is not null) <> ({{ column }}_status = 'reported')
    {% endfor %}

{% endtest %}
