{#-
    The columns together, or the one that it stands under, name each row once, and none of them is empty. Millions
    of keys of several words each are compared by a number first; the keys that share theirs are then compared in
    full.
-#}
{% test unique_key(model, columns=none, column_name=none) %}
{% if column_name %}

select
    {{ column_name }},
    count(*) as rows_found
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null

{% else %}

with keys as {{ read_in_place() }} (

    select {{ columns | join(', ') }}
    from {{ model }}

)

select
    {{ columns | join(', ') }},
    count(*) as rows_found
from keys
where
    {{ hash_of_key(columns) }} in (
        select {{ hash_of_key(columns) }}
        from keys
        group by 1
        having count(*) > 1
    )
group by {{ columns | join(', ') }}
having count(*) > 1
union all
select
    {{ columns | join(', ') }},
    1 as rows_found
from keys
where
    {% for column in columns %}
    {{ 'or ' if not loop.first }}{{ column }} is null
    {% endfor %}

{% endif %}
{% endtest %}
