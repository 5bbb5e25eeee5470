-- Each printed row of table 三 with its texts read, and a row without a number for each line that the form has and the
-- document has not. A whole that stands beside its parts is a subtotal, and stands for them where they are not there.
{% set key = ['report_id', 'line_code'] %}
{% set title_zh = '表三各行与原始文字一致' %}
{% set title_en = 'Table 三 is read as it is printed, row by row' %}
with parts as (
    select distinct parts.line_code, wholes.line_code as whole_code
    from reference.form_lines as parts
    inner join reference.form_lines as wholes
        on parts.layout = wholes.layout and parts.parent_line_code = wholes.line_code and wholes.line_kind = 'leaf'
    where parts.form_table = 'requests'
),

wholes_in_parts as (
    select distinct report_id, whole_code as line_code
    from raw.raw_requests inner join parts using (line_code)
),

-- few reports lack a line: those are held against the form
lines_of_form as (
    select layout, line_code from reference.form_lines where form_table = 'requests' and not is_variant
),

complete as (
    select report_id
    from raw.raw_requests
    inner join intermediate.int_reports using (report_id)
    inner join lines_of_form using (layout, line_code)
    group by report_id, layout
    having count(*) = (select count(*) from lines_of_form as form where form.layout = int_reports.layout)
),

incomplete as (
    select report_id, report_year, layout from intermediate.int_reports anti join complete using (report_id)
),

answered as (
    select report_id, line_code from raw.raw_requests semi join incomplete using (report_id)
    union
    select report_id, parts.line_code
    from raw.raw_requests inner join parts on raw_requests.line_code = whole_code semi join incomplete using (report_id)
    union
    from wholes_in_parts
)

select
    report_id, report_year, printed.line_code, false as is_absent,
    wholes_in_parts.line_code is not null as is_subtotal,
    {% for column in applicant_columns %}
        if(printed.{{ column }} = '0', 0, read_{{ loop.index }}.count_value) as {{ column }},
        case
            when printed.{{ column }} = '0' then 'reported'
            when printed.{{ column }} is null then 'blank'
            else read_{{ loop.index }}.count_status
        end as {{ column }}_status,
    {% endfor %}
    -- its total is blank, and not all of its parts are
    total_status = 'blank' and not ({{ applicant_types | join("_status = 'blank' and ") }}_status = 'blank')
        as is_without_total
from raw.raw_requests as printed
inner join intermediate.int_reports using (report_id)
left join wholes_in_parts using (report_id, line_code)
{% for column in applicant_columns %}
    left join intermediate.int_printed_numbers as read_{{ loop.index }}
        on nullif(printed.{{ column }}, '0') = read_{{ loop.index }}.printed
{% endfor %}
union all
select
    report_id, report_year, line_code, true, false,
    {% for column in applicant_columns %}null, 'absent',{% endfor %} false
from incomplete
inner join lines_of_form using (layout)
anti join answered using (report_id, line_code)
