-- One row for each cause of broken checks, under its first check: an error before a warning. Causes that people have dealt
-- with come last.
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
    regions.province_code,
    issues.agency_id,
    agencies.agency_name,
    agencies.name_latin,
    issues.report_id,
    issues.report_year,
    issues.lhs,
    issues.rhs,
    issues.difference,
    issues.checks,
    issues.state,
    issues.state_since,
    issues.checks_open = 0 as is_dealt_with,
    issues.likely_slip,
    slip_kinds.label_zh as slip_zh,
    slip_kinds.label_en as slip_en
from issue_words as issues
inner join marts.dim_agency as agencies using (agency_id)
left join marts.dim_region as regions on agencies.region_code = regions.region_code
inner join reference.slip_kinds on issues.likely_slip = slip_kinds.kind
where issues.place = 1
order by is_dealt_with, severity, issues.report_year desc, issues.agency_id, issues.family, issues.root_cause_id
