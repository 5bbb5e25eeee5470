-- Every current report of the bodies that are drawn, with the state of its checks.
with issues as (

    select
        report_id,
        count_if(not is_acknowledged and not coalesce(is_mended, false)) as open_issues,
        count_if(is_acknowledged) as acknowledged,
        count(distinct root_cause_id) as causes
    from quality.issues
    left join quality.corrected_checks using (report_id, identity_id, slice)
    where agency_id in (select agency_pages.agency_id from agency_pages)
    group by report_id

)

select
    reports.report_id,
    reports.agency_id,
    agencies.agency_name,
    agencies.province,
    regions.province_code,
    reports.report_year,
    reports.layout,
    reports.is_consolidated,
    reports.published_on,
    reports.source_url,
    coalesce(issues.open_issues, 0) as open_issues,
    coalesce(issues.acknowledged, 0) as acknowledged,
    coalesce(issues.causes, 0) as causes
from marts.dim_report as reports
inner join marts.dim_agency as agencies using (agency_id)
left join marts.dim_region as regions on agencies.region_code = regions.region_code
left join issues using (report_id)
where reports.is_current and reports.agency_id in (select agency_pages.agency_id from agency_pages)
order by reports.agency_id, reports.report_year
