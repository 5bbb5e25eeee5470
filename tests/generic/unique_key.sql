{#- The columns together name each row once, and none of them is empty. -#}
{% test unique_key(model, columns) %}

with rows_by_key as (

    select
        {{ columns | join(', ') }},
        count(*) as rows_found
    from {{ model }}
    group by {{ columns | join(', ') }}

)

select *
from rows_by_key
where
    rows_found > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}

{% endtest %}
