-- The reports that count in a region, by marts.bridge_report_region.
{% from 'parts/measures.sql' import sums_of_reports, rates_of %}
{% set key = ['region_code', 'report_year'] %}
{% set title_zh = 'region_year 与计入该地区的各报告之和一致' %}
{% set title_en = 'region_year is what the reports that count in a region add up to' %}
select sums.*, region_name, region_level, province, {{ rates_of() }}
from (
    select
        places.region_code, report_year, bool_or(places.role = 'whole_region' and times_counted > 0) as is_whole_region,
        bool_or(times_counted < 0) as has_overlaps,
        {{ sums_of_reports('times_counted') }}
    from marts.bridge_report_region as places
    inner join marts.agency_year using (report_id, report_year)
    where times_counted <> 0
    group by all
) as sums
inner join marts.dim_region using (region_code)
