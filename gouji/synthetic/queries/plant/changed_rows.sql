-- Wide rows with the changed texts in them.
with after as (
    select
        report_id,
        line_code,
        {% for column in columns %}
            max(printed_after) filter (column_code = '{{ column }}') as {{ column }}_after{% if not loop.last %},{% endif %}
        {% endfor %}
    from changes
    where form_table = '{{ form_table }}' group by report_id, line_code
)

select
    raw.report_id,
    raw.{{ line }},
    {% for column in columns %}
        coalesce({{ column }}_after, raw."{{ column }}") as "{{ column }}"{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ rows }} as raw
left join after on raw.report_id = after.report_id and raw.{{ line }} = after.line_code
order by raw.report_id, raw.{{ line }}
