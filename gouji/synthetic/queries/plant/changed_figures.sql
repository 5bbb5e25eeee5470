-- The figures of the prose with the changed texts in them.
select raw.* replace (coalesce(printed_after, printed) as printed)
from {{ rows }} as raw
left join changes
    on form_table = 'narrative' and raw.report_id = changes.report_id and raw.figure_code = changes.line_code
order by all
