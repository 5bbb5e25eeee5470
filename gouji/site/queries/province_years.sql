-- Each province's year, every body once, with the reports that are held of it.
{% set rates = [
    'granted_rate', 'denied_rate', 'unavailable_rate', 'reviews_corrected_rate', 'lawsuits_lost_rate',
] %}
with held as (

    select
        regions.province_code,
        agency_years.report_year,
        count(*) as reports
    from marts.agency_year as agency_years
    inner join marts.dim_region as regions on agency_years.region_code = regions.region_code
    group by regions.province_code, agency_years.report_year

)

select
    years.region_code,
    years.region_name,
    years.report_year,
    years.is_whole_region,
    years.reports_used,
    held.reports,
    {% for measure in ['new_requests', 'processed', 'reviews_concluded', 'lawsuits_concluded'] %}
        years.{{ measure }},
        years.{{ measure }}_not_reported,
    {% endfor %}
    {% for rate in rates %}
        years.{{ rate }}{{ ',' if not loop.last }}
    {% endfor %}
from marts.region_year as years
inner join held on years.region_code = held.province_code and years.report_year = held.report_year
where years.region_level = 'province'
order by years.region_code, years.report_year
