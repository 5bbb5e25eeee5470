{#- The columns together, where none of them is empty, name a row of another relation. -#}
{% test foreign_key(model, columns, to, to_columns=none) %}

{%- set to_columns = to_columns or columns %}

with keys as (

    select distinct {{ columns | join(', ') }}
    from {{ model }}
    where
        {% for column in columns %}
        {{ 'and ' if not loop.first }}{{ column }} is not null
        {% endfor %}

)

select keys.*
from keys
left join {{ to }} as referenced
    on
        {% for column in columns %}
        {{ 'and ' if not loop.first }}keys.{{ column }} = referenced.{{ to_columns[loop.index0] }}
        {% endfor %}
where referenced.{{ to_columns[0] }} is null

{% endtest %}
