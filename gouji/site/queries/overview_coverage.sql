-- Reports and agencies of each province and year; a province that has none in a year is there with 0.
with reports as (

    select
        coalesce(agencies.province, '') as province,
        reports.report_year,
        count(*) as reports,
        count(distinct reports.agency_id) as agencies
    from marts.dim_report as reports
    inner join marts.dim_agency as agencies using (agency_id)
    where reports.is_current
    group by all

),

provinces as (

    select
        province,
        cast(sum(reports) as bigint) as reports_of_province
    from reports
    group by province

),

years as (

    select distinct report_year from reports

)

select
    provinces.province,
    years.report_year,
    coalesce(reports.reports, 0) as reports,
    coalesce(reports.agencies, 0) as agencies,
    provinces.reports_of_province as all_reports,
    -- dark enough for white figures
    coalesce(reports.reports, 0) > 0.55 * max(reports.reports) over () as is_dark
from provinces
cross join years
left join reports
    on provinces.province = reports.province and years.report_year = reports.report_year
order by provinces.reports_of_province desc, provinces.province, years.report_year
