-- Checks that blanks, or what is missing, leave open: a row for each identity and reason.
select
    checks.report_id,
    checks.identity_id,
    checks.title_zh,
    checks.title_en,
    checks.status,
    checks.reason,
    count(*) as checks,
    list(coalesce(checks.slice_zh, '') order by checks.slice_order, checks.slice) as slices_zh,
    list(coalesce(checks.slice_en, '') order by checks.slice_order, checks.slice) as slices_en
from check_words as checks
inner join report_pages using (report_id)
where checks.status in ('holds_if_blank_is_zero', 'not_assessable')
group by all
order by checks.report_id, checks.status, checks.identity_id, checks.reason
