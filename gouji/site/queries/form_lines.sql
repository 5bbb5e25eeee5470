-- The lines of both layouts, in the order of the form.
select
    form_lines.layout,
    form_lines.form_table,
    form_lines.line_code,
    form_lines.label_zh,
    -- beside Denied, 'Denied: state secret' need not say so again
    case
        when starts_with(form_lines.label_zh, outcome_groups.label_zh) or outcome_groups.label_zh is null
            then form_lines.label_en
        else regexp_replace(form_lines.label_en, '^[^:]*: ', '')
    end as label_en,
    form_lines.legal_article,
    outcome_groups.label_zh as group_zh,
    outcome_groups.label_en as group_en,
    channels_results.label_zh as short_zh,
    channels_results.label_en as short_en,
    coalesce(form_lines.stage in ('outcome', 'outcome_total'), false) as is_outcome,
    -- 1.属于国家秘密 stands beside （三）不予公开; （一）予以公开 is its own heading
    coalesce(not starts_with(form_lines.label_zh, outcome_groups.label_zh), false) as is_ground
from reference.form_lines
left join reference.outcome_groups using (outcome_group)
left join reference.channels_results
    on
        form_lines.form_table = 'reviews'
        and channels_results.dimension = 'channel'
        and form_lines.line_code = channels_results.code
order by form_lines.layout, form_lines.form_table, form_lines.line_order
