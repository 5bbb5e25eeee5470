-- The regions that are drawn, and how far their figures reach.
with years as (

    select
        region_code,
        min(report_year) as first_year,
        max(report_year) as last_year,
        sum(reports_used) as reports_used
    from marts.region_year
    where region_code in (select region_pages.region_code from region_pages)
    group by region_code

),

known as (

    select
        report_regions.region_code,
        count(*) as reports,
        count(distinct reports.agency_id) as agencies,
        count_if(report_regions.times_counted > 0) as reports_counted
    from marts.bridge_report_region as report_regions
    inner join marts.dim_report as reports using (report_id)
    where report_regions.region_code in (select region_pages.region_code from region_pages)
    group by report_regions.region_code

)

select
    regions.region_code,
    regions.region_name,
    regions.name_latin,
    regions.region_level,
    regions.province,
    regions.province_code,
    regions.parent_code,
    parents.region_name as parent_name,
    regions.parent_code in (select region_year.region_code from marts.region_year) as has_parent_page,
    years.first_year,
    years.last_year,
    known.reports,
    known.agencies
from marts.dim_region as regions
inner join years using (region_code)
inner join known using (region_code)
left join marts.dim_region as parents on regions.parent_code = parents.region_code
order by regions.region_code
