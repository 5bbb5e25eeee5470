-- One row for each cause of broken checks, under its first check: an error before a warning.
create temp table causes as
with issues as (

    select
        check_words.*,
        issues.root_cause_id,
        issues.likely_slip,
        issues.figures_affected,
        min(check_words.severity) over cause as cause_severity,
        count(*) over cause as checks,
        count_if(check_words.is_acknowledged) over cause as checks_acknowledged,
        row_number() over (
            cause
            order by
                check_words.severity, check_words.identity_id, check_words.report_id,
                check_words.slice_order, check_words.slice
        ) as place
    from quality.issues
    inner join check_words using (report_id, identity_id, slice)
    window cause as (partition by issues.root_cause_id)

),

causes as (

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
        issues.checks_acknowledged
    from issues
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
