-- The broken checks of each page: the report's own, and those of other reports that read its cells (next
-- year's, of the body that adds it up).
create or replace temp table page_checks as
select distinct
    report_pages.report_id as page_id,
    checks.report_id,
    checks.identity_id,
    checks.slice
from report_pages
inner join intermediate.int_check_sources as pairs on report_pages.report_id = pairs.source_report_id
inner join quality.fct_identity_checks as checks on pairs.report_id = checks.report_id
inner join reference.identity_terms as terms
    on
        checks.identity_id = terms.identity_id
        and pairs.scope = terms.scope
        and pairs.year_offset = terms.year_offset
where checks.status = 'broken'
