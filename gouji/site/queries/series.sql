{% set has_peers = key == 'agency_id' %}
-- The figures of each body, or of each region, over the years: a row for each year and measure, also for years without
-- a report. Beside those of a body stand its peers', where there are five: bodies of its sector and level, and of its
-- region. Of peers, only figures with no cell missing count, and consolidated reports stand beside consolidated ones
-- alone. A region's year is whole where its own report is among those counted.
with measures as (

    {% for measure in measures %}
        select
            {{ key }},
            report_year,
            '{{ measure }}' as measure,
            cast({{ measure }} as double) as value,
            {{ measure }}_not_reported as not_reported
        from {{ years }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

layouts as (

    {% if has_peers %}
        select agency_id, report_year, layout
        from marts.agency_year
    {% else %}
        select
            regions.region_code,
            reports.report_year,
            string_agg(distinct reports.layout, '+' order by reports.layout) as layout
        from marts.bridge_report_region as regions
        inner join marts.dim_report as reports using (report_id)
        where regions.times_counted > 0
        group by regions.region_code, reports.report_year
    {% endif %}

),

{% if has_peers %}
    bodies as (

        select
            measures.*,
            years.is_consolidated,
            agencies.sector,
            agencies.level,
            agencies.region_code,
            case when measures.not_reported = 0 then measures.value end as whole_value
        from measures
        inner join marts.agency_year as years using (agency_id, report_year)
        inner join marts.dim_agency as agencies using (agency_id)

    ),

    peers as (

        select
            agency_id,
            report_year,
            {% for peers in ['sector', 'region'] %}
                count(whole_value) over of_{{ peers }} as {{ peers }}_peers,
                {% for name, figure in {'median': 'median', 'least': 'min', 'most': 'max'}.items() %}
                    case when count(whole_value) over of_{{ peers }} >= 5
                        then {{ figure }}(whole_value) over of_{{ peers }}
                    end as {{ peers }}_{{ name }},
                {% endfor %}
            {% endfor %}
            measure
        from bodies
        window
            of_sector as (
                partition by sector, level, is_consolidated, report_year, measure
                order by agency_id rows between unbounded preceding and unbounded following exclude current row
            ),
            of_region as (
                partition by region_code, is_consolidated, report_year, measure
                order by agency_id rows between unbounded preceding and unbounded following exclude current row
            )

    ),

{% endif %}
all_years as (

    select unnest(generate_series(min(report_year), max(report_year))) as report_year
    from {{ years }}

),

series as (

    select distinct {{ key }}, measure
    from measures

)

select
    series.{{ key }},
    all_years.report_year,
    series.measure,
    layouts.layout,
    layouts.layout is not null as is_reported,
    {% if has_peers %}true{% else %}coalesce(regions.is_whole_region, false){% endif %} as is_whole,
    measures.value,
    {% if has_peers %}
        peers.* exclude (agency_id, report_year, measure),
    {% endif %}
    coalesce(measures.not_reported, 0) as not_reported
from series
cross join all_years
left join measures using ({{ key }}, report_year, measure)
left join layouts using ({{ key }}, report_year)
{% if has_peers %}
    left join peers using ({{ key }}, report_year, measure)
{% else %}
    left join {{ years }} as regions using ({{ key }}, report_year)
{% endif %}
order by series.{{ key }}, series.measure, all_years.report_year
