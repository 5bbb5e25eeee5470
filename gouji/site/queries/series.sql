{% set has_peers = key == 'agency_id' %}
{% set pages = 'agency_pages' if has_peers else 'region_pages' %}
{% set circles = {'sector': ['sector', 'level'], 'region': ['region_code']} %}
-- The figures of each body, or of each region, that is drawn, over the years: a row for each year and measure, also for
-- years without a report. Beside those of a body stand its peers', where there are five: bodies of its
-- sector and level, and of its region. Of peers, only figures with no cell missing count, and consolidated reports stand
-- beside consolidated ones alone. A region's year is whole where its own report is among those counted.
with {% if has_peers %}agencies as (

    select
        agency_id,
        coalesce(sector, '') as sector,
        level,
        region_code
    from marts.dim_agency

),

drawn as (

    select agencies.*
    from agencies
    inner join agency_pages using (agency_id)

),

{% endif %}
years as (

    select years.*
    from {{ years }} as years
    inner join {{ pages }} using ({{ key }})

),

measures as (

    {% for measure in measures %}
        select
            {{ key }},
            report_year,
            '{{ measure }}' as measure,
            cast({{ measure }} as double) as value,
            {{ measure }}_not_reported as not_reported
        from years
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

layouts as (

    {% if has_peers %}
        select agency_id, report_year, layout
        from years
    {% else %}
        select
            regions.region_code,
            reports.report_year,
            string_agg(distinct reports.layout, '+' order by reports.layout) as layout
        from marts.bridge_report_region as regions
        inner join marts.dim_report as reports using (report_id)
        where regions.times_counted > 0 and regions.region_code in (select region_pages.region_code from region_pages)
        group by regions.region_code, reports.report_year
    {% endif %}

),

{% if has_peers %}
    -- all that stand in a circle with a body that is drawn
    circles as (

        select agencies.*
        from agencies
        where
            (agencies.sector, agencies.level) in (select (drawn.sector, drawn.level) from drawn)
            or agencies.region_code in (select drawn.region_code from drawn)

    ),

    years_of_peers as (

        select
            {% for measure in compared %}
                case when years.{{ measure }}_not_reported = 0 then cast(years.{{ measure }} as double) end as {{ measure }},
            {% endfor %}
            years.report_year,
            years.is_consolidated,
            circles.*
        from circles
        inner join {{ years }} as years using (agency_id)

    ),

    peers as (

        {% for measure in compared %}
            select
                agency_id,
                report_year,
                is_consolidated,
                sector,
                level,
                region_code,
                '{{ measure }}' as measure,
                {{ measure }} as value
            from years_of_peers
            {% if not loop.last %}union all{% endif %}
        {% endfor %}

    ),

    {% for circle, same in circles.items() %}
        of_{{ circle }} as (

            select
                drawn.agency_id,
                years.report_year,
                peers.measure,
                count(peers.value) as {{ circle }}_peers,
                {% for name, figure in {'median': 'median', 'least': 'min', 'most': 'max'}.items() %}
                    case when count(peers.value) >= 5 then {{ figure }}(peers.value) end
                        as {{ circle }}_{{ name }}{% if not loop.last %},{% endif %}

                {% endfor %}
            from drawn
            inner join years using (agency_id)
            inner join peers
                on
                    years.report_year = peers.report_year
                    and years.is_consolidated = peers.is_consolidated
                    {% for column in same %}
                        and drawn.{{ column }} = peers.{{ column }}
                    {% endfor %}
                    and drawn.agency_id <> peers.agency_id
            group by drawn.agency_id, years.report_year, peers.measure

        ),

    {% endfor %}
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
        {% for circle in circles %}
            case when layouts.layout is not null then coalesce(of_{{ circle }}.{{ circle }}_peers, 0) end
                as {{ circle }}_peers,
            of_{{ circle }}.{{ circle }}_median,
            of_{{ circle }}.{{ circle }}_least,
            of_{{ circle }}.{{ circle }}_most,
        {% endfor %}
    {% endif %}
    coalesce(measures.not_reported, 0) as not_reported
from series
cross join all_years
left join measures using ({{ key }}, report_year, measure)
left join layouts using ({{ key }}, report_year)
{% if has_peers %}
    {% for circle in circles %}
        left join of_{{ circle }} using ({{ key }}, report_year, measure)
    {% endfor %}
{% else %}
    left join {{ years }} as regions using ({{ key }}, report_year)
{% endif %}
order by series.{{ key }}, series.measure, all_years.report_year
