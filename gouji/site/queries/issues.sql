-- One row for each cause of broken checks, under its first check: an error before a warning. Causes that the ledger
-- holds whole come last.
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

)

select
    issues.root_cause_id,
    issues.cause_severity as severity,
    issues.family,
    issues.identity_id,
    issues.title_zh,
    issues.title_en,
    issues.slice,
    issues.slice_zh,
    issues.slice_en,
    agencies.province,
    issues.agency_id,
    agencies.agency_name,
    issues.report_id,
    issues.report_year,
    issues.lhs,
    issues.rhs,
    issues.difference,
    issues.checks,
    issues.checks_acknowledged,
    issues.checks_acknowledged = issues.checks as is_acknowledged,
    slip_kinds.label_zh as slip_zh,
    slip_kinds.label_en as slip_en
from issues
inner join marts.dim_agency as agencies using (agency_id)
inner join reference.slip_kinds on issues.likely_slip = slip_kinds.kind
where issues.place = 1
order by is_acknowledged, severity, issues.report_year desc, issues.agency_id, issues.family, issues.root_cause_id
