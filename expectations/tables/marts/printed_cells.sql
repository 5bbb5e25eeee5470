-- Every cell of the landed tables, with what its text was read as beside the number. A view: its rows are these.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = 'printed_cells 与入库各表逐格一致' %}
{% set title_en = 'printed_cells has each cell as it was landed' %}
select cells.*, printed_unit, remark
from (
    select report_id, 'requests' as form_table, line_code, column_code, printed
    from raw.raw_requests
    unpivot include nulls (printed for column_code in ({{ applicant_columns | join(', ') }}))
    union all
    select report_id, 'reviews', channel, column_code, printed
    from raw.raw_reviews
    unpivot include nulls (printed for column_code in ({{ result_columns | join(', ') }}))
    union all
    select report_id, 'disclosures', line_code, measure_code, printed
    from raw.raw_disclosures
) as cells
left join intermediate.int_printed_numbers using (printed)
