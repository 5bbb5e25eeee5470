-- Issues that this build opened or closed against the one before, at most 200: errors first. A closed one may be of a
-- report or an identity that is no longer there.
select
    changes.change,
    changes.report_id,
    changes.identity_id,
    changes.slice,
    coalesce(checks.slice_zh, nullif(changes.slice, 'all')) as slice_zh,
    checks.slice_en,
    reports.agency_name,
    reports.report_year,
    identities.severity,
    identities.title_zh,
    identities.title_en,
    changes.change = 'opened' as has_place
from quality.issue_changes as changes
left join marts.dim_report as reports using (report_id)
left join reference.identities as identities using (identity_id)
left join check_words as checks using (report_id, identity_id, slice)
order by
    changes.change desc, identities.severity nulls last, changes.report_id, changes.identity_id,
    changes.slice
limit 200
