-- The reports of a line of work that no other report of it adds up, by marts.bridge_report_region.
{% from 'parts/measures.sql' import sums_of_reports, rates_of %}
{% set key = ['sector', 'report_year'] %}
{% set title_zh = 'sector_year 与该系统各报告之和一致' %}
{% set title_en = 'sector_year is what the reports of a line of work add up to' %}
select sums.*, label_zh as sector_zh, label_en as sector_en, {{ rates_of() }}
from (
    select sector, report_year, bool_or(times < 0) as has_overlaps, {{ sums_of_reports('times') }}
    from (
        select years.*, coalesce(times_counted_in_sector, 1) as times
        from marts.agency_year as years
        left join (select distinct report_id, times_counted_in_sector from marts.bridge_report_region) using (report_id)
    )
    where times <> 0
    group by all
) as sums
inner join reference.sectors on sector = sector_code
