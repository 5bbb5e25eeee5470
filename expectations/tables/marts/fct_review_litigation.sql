-- The four results of each channel of table 四.
{% set key = ['report_id', 'channel', 'result'] %}
{% set title_zh = 'fct_review_litigation 与表四各单元格一一对应' %}
{% set title_en = 'fct_review_litigation has the cells of table 四, each once, as printed and corrected' %}
with cells as (
    from intermediate.int_review_rows
    unpivot include nulls (
        (reported_value, value_status) for result in (
            {% for column in result_columns if column != 'total' %}
                ({{ column }}, {{ column }}_status) as '{{ column }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
    )
)

select
    report_id, reports.agency_id, reports.report_year, channel, result,
    coalesce(corrected.value, reported_value) as value, reported_value, value_status,
    coalesce(broken_checks, 0) = 0 as is_consistent, coalesce(broken_checks_on_values, 0) = 0 as value_is_consistent,
    reports.is_consolidated,
    (report_id, channel, result) in (
        select (report_id, line_code, column_code) from quality.doubtful_cells where form_table = 'reviews'
    ) as is_doubtful
from cells
inner join intermediate.int_reports as reports using (report_id)
left join (select * rename (line_code as channel, column_code as result) from intermediate.int_corrected_cells
    where form_table = 'reviews') as corrected using (report_id, channel, result)
left join (select * rename (line_code as channel, column_code as result) from quality.broken_cells
    where form_table = 'reviews') as broken using (report_id, channel, result)
