-- The reports whose figures are added to those of bodies, of regions, or of the country, and of which cells hold no
-- number: a row for each measure that lacks some. Of the bodies and regions that are drawn, or of all of a level. What is
-- taken back, since several reports add it up, is at least its sum.
with counted as (

    {% if key == 'agency_id' %}
        select years.*, 1 as times_counted
        from marts.agency_year as years
        inner join agency_pages using (agency_id)
    {% elif key == 'scope' %}
        select years.*, 'once' as scope, regions.times_counted
        from marts.bridge_report_region as regions
        inner join marts.agency_year as years on regions.report_id = years.report_id
        where regions.region_level = 'province' and regions.times_counted > 0
        union all
        select years.*, 'own' as scope, 1 as times_counted
        from marts.agency_year as years
        where not years.is_consolidated
    {% else %}
        select
            years.* exclude (region_code),
            regions.region_code,
            regions.times_counted
        from marts.bridge_report_region as regions
        {% if not level %}inner join region_pages using (region_code){% endif %}

        inner join marts.agency_year as years on regions.report_id = years.report_id
        where regions.times_counted > 0{% if level %} and regions.region_level = '{{ level }}'{% endif %}

    {% endif %}

)

{% for measure in measures %}
    select
        {{ key }},
        report_id,
        report_year,
        times_counted,
        '{{ measure }}' as measure,
        {{ measure }} as value
    from counted
    where {{ measure }}_not_reported > 0
    {% if not loop.last %}union all{% endif %}
{% endfor %}
