-- What stands above each report's tables.
with checks as (

    select
        report_id,
        count(*) as checks,
        count_if(status in ('holds', 'holds_if_blank_is_zero')) as held,
        count_if(status = 'broken' and not is_acknowledged) as broken,
        count_if(status = 'broken' and is_acknowledged) as acknowledged,
        count_if(status = 'not_assessable') as not_assessable
    from quality.fct_identity_checks
    group by report_id

),

earlier_revisions as (

    select
        agency_id,
        report_year,
        list({
            'report_id': report_id, 'revision': revision, 'published_on': published_on, 'source_url': source_url
        } order by revision) as revisions
    from marts.dim_report
    where not is_current
    group by agency_id, report_year

)

select
    reports.*,
    agencies.name_latin,
    regions.region_name,
    layouts.document_number,
    layouts.label_zh as layout_zh,
    layouts.label_en as layout_en,
    checks.checks,
    checks.held,
    checks.broken,
    checks.acknowledged,
    checks.not_assessable,
    coalesce(earlier_revisions.revisions, []) as earlier_revisions
from marts.dim_report as reports
inner join report_pages using (report_id)
inner join marts.dim_agency as agencies on reports.agency_id = agencies.agency_id
inner join marts.dim_region as regions using (region_code)
inner join reference.layouts using (layout)
left join checks on reports.report_id = checks.report_id
left join earlier_revisions
    on reports.agency_id = earlier_revisions.agency_id and reports.report_year = earlier_revisions.report_year
order by reports.report_id
