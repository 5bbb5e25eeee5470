-- The cells of table 二 with the changed texts in them.
select
    raw.report_id, raw.line_code, raw.measure_code,
    coalesce(printed_after, printed) as printed
from {{ rows }} as raw
left join changes
    on form_table = 'disclosures' and raw.report_id = changes.report_id
    and raw.line_code = changes.line_code and raw.measure_code = changes.column_code
order by raw.report_id, raw.line_code, raw.measure_code
