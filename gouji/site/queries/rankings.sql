-- The bodies of a year with the largest figures, consolidated reports apart from bodies' own, and how much of a figure
-- stands in cells that are in doubt.
{% set rankings = {
    'new_requests': (none, 'doubtful_requests'),
    'denied': ('processed', 'doubtful_requests'),
    'reviews_corrected': ('reviews_concluded', 'doubtful_cases'),
    'lawsuits_lost': ('lawsuits_concluded', 'doubtful_cases'),
} %}
with doubtful_requests as (

    select
        report_id,
        sum(value) filter (where line_code = 'new_requests') as new_requests,
        sum(value) filter (where outcome_group = 'denied') as denied
    from marts.fct_requests
    where report_year = $year and is_doubtful
    group by report_id

),

doubtful_cases as (

    select
        report_id,
        sum(value) filter (where channel = 'review') as reviews_corrected,
        sum(value) filter (where channel <> 'review') as lawsuits_lost
    from marts.fct_review_litigation
    where report_year = $year and is_doubtful and result = 'corrected'
    group by report_id

),

ranked as (

    {% for measure, (whole, doubts) in rankings.items() %}
        {% set outer_loop = loop %}
        {% for kind in ['is_consolidated', 'not is_consolidated'] %}
            (
                select
                    '{{ measure }}' as ranking,
                    years.is_consolidated,
                    years.agency_id,
                    years.agency_name,
                    years.{{ measure }} as value,
                    years.{{ measure }}_not_reported as value_not_reported,
                    coalesce({{ doubts }}.{{ measure }}, 0) as value_doubtful,
                    {{ 'years.' ~ whole if whole else 'cast(null as bigint)' }} as whole,
                    {{ 'years.' ~ whole ~ '_not_reported' if whole else 'cast(null as bigint)' }} as whole_not_reported
                from marts.agency_year as years
                left join {{ doubts }} on years.report_id = {{ doubts }}.report_id
                where years.report_year = $year and {{ kind }} and years.{{ measure }} > 0
                order by years.{{ measure }} desc, years.agency_id
                limit $most
            )
            {% if not (loop.last and outer_loop.last) %}union all{% endif %}

        {% endfor %}
    {% endfor %}

)

select *
from ranked
order by ranking, is_consolidated desc, value desc, agency_id
