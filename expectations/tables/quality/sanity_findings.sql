-- A count below zero, a number that is none of requests, a row of ten or more just as last year's, a total alone in its
-- row, and decisions that are the stock of items.
{% set key = ['report_id', 'sanity_check_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '异常提示与单元格一致' %}
{% set title_en = 'What readers stumble over is found in the cells' %}
with odd as (
    select report_id, form_table, line_code, column_code, numbers.*
    from marts.printed_cells
    semi join intermediate.int_reports using (report_id)
    inner join intermediate.int_printed_numbers as numbers using (printed)
    where
        column_code <> 'amount'
        and printed in (
            select printed from intermediate.int_printed_numbers
            where count_value < 0 or 'unreadable' in (count_status, change_status)
        )
),

last_year as (
    select report_id, source_report_id from intermediate.int_check_sources where year_offset = -1
)

select report_id, 'not_a_count' as sanity_check_id, form_table, line_code, column_code
from odd
where column_code <> 'change' and count_value < 0
union all
select
    report_id, if(printed_unit is null, 'not_a_count', 'money_in_count'), form_table, line_code, column_code
from odd
where amount_status = 'reported' and if(column_code = 'change', change_status, count_status) = 'unreadable'
{% for form_table, rows, line, columns in [
    ('requests', 'int_request_rows', 'line_code', applicant_columns),
    ('reviews', 'int_review_rows', 'channel', result_columns),
] %}
    union all
    select distinct own.report_id, 'copied_row', '{{ form_table }}', own.{{ line }}, null
    from intermediate.{{ rows }} as own
    inner join last_year on own.report_id = last_year.report_id
    inner join intermediate.{{ rows }} as before
        on last_year.source_report_id = before.report_id and own.{{ line }} = before.{{ line }}
    where own.total >= 10 {% for column in columns %}and own.{{ column }} = before.{{ column }} {% endfor %}
    union all
    select report_id, 'undistributed_total', '{{ form_table }}', {{ line }}, 'total'
    from intermediate.{{ rows }}
    where total > 0 {% for column in columns if column != 'total' %}and {{ column }}_status = 'blank' {% endfor %}
{% endfor %}
union all
select report_id, 'decisions_are_items', 'disclosures', line_code, 'decisions'
from (
    pivot (
        select report_id, line_code, measure_code, value
        from intermediate.int_disclosure_cells where value_status = 'reported'
    )
    on measure_code in ('prior_items', 'change', 'decisions')
    using any_value(value)
)
where decisions <> 0 and decisions = prior_items + change
