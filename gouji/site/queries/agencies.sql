-- The bodies that are drawn, each with its place, its line of work, its reports and what is broken in them.
with reports as (

    select
        dim_report.agency_id,
        count(*) as reports,
        min(dim_report.report_year) as first_year,
        max(dim_report.report_year) as last_year
    from marts.dim_report
    where dim_report.is_current and dim_report.agency_id in (select agency_pages.agency_id from agency_pages)
    group by dim_report.agency_id

),

issues as (

    select
        agency_id,
        count_if(not is_acknowledged and not coalesce(is_mended, false)) as open_issues,
        count_if(is_acknowledged) as acknowledged
    from quality.issues
    left join quality.corrected_checks using (report_id, identity_id, slice)
    where agency_id in (select agency_pages.agency_id from agency_pages)
    group by agency_id

),

-- under these names it was met: in its own reports, and in the list of other names
names as (

    select agency_id, agency_name as name
    from marts.dim_report
    where agency_id in (select agency_pages.agency_id from agency_pages)
    union
    select agency_id, other_name as name
    from reference.agency_names
    where agency_id in (select agency_pages.agency_id from agency_pages)

),

other_names as (

    select names.agency_id, list(distinct names.name order by names.name) as other_names
    from names
    inner join marts.dim_agency as agencies using (agency_id)
    where names.name <> agencies.agency_name
    group by names.agency_id

)

select
    agencies.*,
    regions.region_name,
    regions.name_latin as region_latin,
    agencies.region_code in (select region_year.region_code from marts.region_year) as has_region_page,
    predecessors.agency_name as predecessor,
    coalesce(reports.reports, 0) as reports,
    reports.first_year,
    reports.last_year,
    coalesce(issues.open_issues, 0) as open_issues,
    coalesce(issues.acknowledged, 0) as acknowledged,
    coalesce(other_names.other_names, []) as other_names
from marts.dim_agency as agencies
inner join agency_pages using (agency_id)
inner join marts.dim_region as regions using (region_code)
left join marts.dim_agency as predecessors on agencies.predecessor_agency_id = predecessors.agency_id
left join reports on agencies.agency_id = reports.agency_id
left join issues on agencies.agency_id = issues.agency_id
left join other_names on agencies.agency_id = other_names.agency_id
order by agencies.agency_id
