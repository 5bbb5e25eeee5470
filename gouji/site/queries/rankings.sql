-- The bodies of a year with the largest figures, consolidated reports apart from bodies' own.
{% set wholes = {
    'new_requests': none,
    'denied': 'processed',
    'reviews_corrected': 'reviews_concluded',
    'lawsuits_lost': 'lawsuits_concluded',
} %}
select *
from (
    {% for measure, whole in wholes.items() %}
        {% set outer_loop = loop %}
        {% for kind in ['is_consolidated', 'not is_consolidated'] %}
            (
                select
                    '{{ measure }}' as ranking,
                    is_consolidated,
                    agency_id,
                    agency_name,
                    {{ measure }} as value,
                    {{ measure }}_not_reported as value_not_reported,
                    {{ whole or 'cast(null as bigint)' }} as whole,
                    {{ whole ~ '_not_reported' if whole else 'cast(null as bigint)' }} as whole_not_reported
                from marts.agency_year
                where report_year = $year and {{ kind }} and {{ measure }} > 0
                order by {{ measure }} desc, agency_id
                limit $most
            )
            {% if not (loop.last and outer_loop.last) %}union all{% endif %}

        {% endfor %}
    {% endfor %}
)
order by ranking, is_consolidated desc, value desc, agency_id
