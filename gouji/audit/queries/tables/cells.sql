-- The cells in which a table is not what it has to be, within the parts that are known to differ.
with {% include 'audit/queries/tables/sides.sql' %},

{% for side, other in [('found', 'due'), ('due', 'found')] %}
    only_{{ side }} as (
        select *, row_number() over (partition by {{ table.key | join(', ') }}) as place
        from (
            select * from {{ side }} where part in ({{ parts | join(', ') }})
            except all
            select * from {{ other }} where part in ({{ parts | join(', ') }})
        )
    ),
{% endfor %}

pairs as (
    select
        {% for column in table.key %}coalesce(only_found.{{ column }}, only_due.{{ column }}) as {{ column }},{% endfor %}
        case
            when only_due.place is null
                then [{'column_name': '(row)', 'found': 'a row', 'due': 'none, or one less'}]
            when only_found.place is null
                then [{'column_name': '(row)', 'found': 'none, or one less', 'due': 'a row'}]
            else list_filter(
                [
                    {% for column in types if column not in table.key %}
                        case when only_found.{{ column }} is distinct from only_due.{{ column }} then {
                            'column_name': '{{ column }}',
                            'found': cast(only_found.{{ column }} as varchar),
                            'due': cast(only_due.{{ column }} as varchar)
                        } end{{ ',' if not loop.last }}
                    {% endfor %}
                ],
                cell -> cell is not null
            )
        end as cells
    from only_found
    full join only_due
        on
            {% for column in table.key %}
                only_found.{{ column }} is not distinct from only_due.{{ column }} and
            {% endfor %}
            only_found.place = only_due.place
),

differing as (
    select * exclude (cells), unnest(cells, recursive := true) from pairs
)

select count(*) over () as cells, * rename (column_name as "column")
from differing
order by all
limit {{ SAMPLE }}
