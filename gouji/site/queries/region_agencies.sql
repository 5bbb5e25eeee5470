-- The bodies that lie in each region itself, with their reports.
select
    agencies.region_code,
    agencies.agency_id,
    agencies.agency_name,
    agencies.sector_zh,
    agencies.sector_en,
    agencies.is_consolidated,
    list(reports.report_year order by reports.report_year) as years
from marts.dim_agency as agencies
inner join region_pages using (region_code)
inner join marts.dim_report as reports
    on agencies.agency_id = reports.agency_id and reports.is_current
group by all
order by agencies.region_code, agencies.is_consolidated desc, agencies.agency_id
