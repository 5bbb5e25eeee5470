{#- Spark goes through all that stands before a union again for each of its branches; here it is one way. -#}
{% macro spark__taken_apart(wide_rows, kept, columns, parts) -%}
    select
        {{ kept | join(',\n        ') }},
        stack(
            {{ columns | length }}
            {%- for column in columns %},
            '{{ column }}', {{ parts.values() | join(', ') | replace('{}', column) }}
            {%- endfor %}
        ) as (column_code, {{ parts | join(', ') }})
    from {{ wide_rows }}
{%- endmacro %}
