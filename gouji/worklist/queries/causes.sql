-- One row for each cause of broken checks, under its first check: an error before a warning.
create temp table causes as
with causes as (

    select
        issues.root_cause_id,
        coalesce(agencies.province, '未列省份') as province,
        coalesce(agencies.parent_agency_id, agencies.agency_id) as parent_agency_id,
        coalesce(agencies.parent, agencies.agency_name) as parent,
        issues.agency_id,
        reports.agency_name,
        issues.report_id,
        issues.report_year,
        coalesce(
            reports.title,
            concat(reports.agency_name, issues.report_year, '年政府信息公开工作年度报告')
        ) as title,
        reports.source_url,
        reports.source_document,
        issues.cause_severity as severity,
        issues.family,
        issues.likely_slip,
        slip_kinds.label_zh as slip_zh,
        slip_kinds.kind_order,
        issues.figures_affected,
        issues.checks,
        issues.checks_acknowledged,
        issues.checks_open,
        issues.state,
        issues.state_since
    from issue_words as issues
    inner join marts.dim_report as reports using (report_id)
    inner join marts.dim_agency as agencies on issues.agency_id = agencies.agency_id
    inner join reference.slip_kinds on issues.likely_slip = slip_kinds.kind
    where
        issues.place = 1
        and ($province is null or agencies.province = $province)
        and ($severity is null or issues.cause_severity = $severity)

)

select
    *,
    -- a province with many causes has a sheet for each parent agency
    count(*) over (partition by province) > $many as is_split
from causes
