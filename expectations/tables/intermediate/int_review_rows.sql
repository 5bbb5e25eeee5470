-- Each printed row of table 四 with its texts read, and a row without a number for each channel that is not there.
{% set key = ['report_id', 'channel'] %}
{% set title_zh = '表四各行与原始文字一致' %}
{% set title_en = 'Table 四 is read as it is printed, row by row' %}
select
    report_id, report_year, channel, false as is_absent,
    {% for column in result_columns %}
        read_{{ loop.index }}.count_value as {{ column }},
        if(printed.{{ column }} is null, 'blank', read_{{ loop.index }}.count_status) as {{ column }}_status,
    {% endfor %}
    total_status = 'blank' and not (
        {% for column in result_columns if column != 'total' %}
            {{ column }}_status = 'blank'{{ ' and' if not loop.last }}
        {% endfor %}
    ) as is_without_total
from raw.raw_reviews as printed
inner join intermediate.int_reports using (report_id)
{% for column in result_columns %}
    left join intermediate.int_printed_numbers as read_{{ loop.index }}
        on printed.{{ column }} = read_{{ loop.index }}.printed
{% endfor %}
union all
select report_id, report_year, line_code, true, {% for column in result_columns %}null, 'absent',{% endfor %} false
from intermediate.int_reports
inner join (select layout, line_code from reference.form_lines where form_table = 'reviews') using (layout)
anti join raw.raw_reviews on int_reports.report_id = raw_reviews.report_id and line_code = channel
