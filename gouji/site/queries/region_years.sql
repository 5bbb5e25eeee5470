-- On which reports each region's year rests.
with reports as (

    select
        report_regions.region_code,
        reports.report_year,
        count(*) as reports,
        min(reports.agency_name) filter (where report_regions.times_counted > 0) as first_agency
    from marts.bridge_report_region as report_regions
    inner join marts.dim_report as reports using (report_id)
    where report_regions.region_code in (select region_pages.region_code from region_pages)
    group by report_regions.region_code, reports.report_year

)

select
    years.region_code,
    years.report_year,
    years.basis,
    years.is_whole_region,
    years.reports_used,
    case when years.reports_used = 1 then reports.first_agency end as only_agency,
    reports.reports
from marts.region_year as years
inner join reports using (region_code, report_year)
order by years.region_code, years.report_year
