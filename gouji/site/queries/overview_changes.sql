-- Issues that this build opened or closed against the one before, at most 200: errors first. A closed one may be of a
-- report or an identity that is no longer there. These 200 are found before words are: all may be new.
with changes as (

    select
        changes.change,
        changes.report_id,
        changes.identity_id,
        changes.slice,
        case identities.slice_by when 'line' then changes.slice end as line_code,
        case identities.slice_by when 'column' then changes.slice end as column_code,
        reports.agency_name,
        reports.report_year,
        reports.layout,
        identities.form_table,
        identities.severity,
        identities.title_zh,
        identities.title_en
    from quality.issue_changes as changes
    left join marts.dim_report as reports using (report_id)
    left join reference.identities as identities using (identity_id)
    order by
        changes.change desc, identities.severity nulls last, changes.report_id, changes.identity_id,
        changes.slice
    limit 200

)

select
    changes.change,
    changes.report_id,
    changes.identity_id,
    changes.slice,
    coalesce(line_words.line_zh, column_words.column_zh, nullif(changes.slice, 'all')) as slice_zh,
    coalesce(line_words.line_en, column_words.column_en) as slice_en,
    changes.agency_name,
    changes.report_year,
    changes.severity,
    changes.title_zh,
    changes.title_en,
    changes.change = 'opened' as has_place
from changes
left join line_words using (layout, form_table, line_code)
left join column_words using (layout, form_table, column_code)
order by
    changes.change desc, changes.severity nulls last, changes.report_id, changes.identity_id,
    changes.slice
