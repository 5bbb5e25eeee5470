{#- Both sides of a comparison, with the same columns and types, and the part of the table that a row is in. -#}
found as (
    select {{ types | join(', ') }}, hash({{ table.key[0] }}) & 255 as part
    from {{ table.found }}
),

due as (
    select
        {% for column, type in types.items() %}try_cast({{ column }} as {{ type }}) as {{ column }},{% endfor %}
        hash(try_cast({{ table.key[0] }} as {{ types[table.key[0]] }})) & 255 as part
    from (
        {{ table.due }}
    )
)
