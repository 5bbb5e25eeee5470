-- The current reports of a body, with what their checks came to.
select
    reports.report_id,
    reports.report_year,
    count(checks.identity_id) as checks,
    count_if(checks.status = 'broken') as broken,
    count_if(checks.status = 'not_assessable') as not_assessable
from marts.dim_report as reports
left join quality.fct_identity_checks as checks on reports.report_id = checks.report_id
where reports.agency_id = $agency and reports.is_current
group by reports.report_id, reports.report_year
order by reports.report_year, reports.report_id
