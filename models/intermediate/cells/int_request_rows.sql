-- Table 三, a row for every line of the report's form: the seven numbers with their status.
-- A line that the document leaves out is there as `absent`.
with requests as {{ read_in_place() }} (

    select * from {{ ref('stg_requests') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

form_lines as (

    select * from {{ ref('form_lines') }}
    where form_table = 'requests'

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

-- lines that can stand as one row or split into several: （六）其他处理
line_parts as (

    select distinct
        parts.line_code as part_code,
        wholes.line_code as whole_code
    from form_lines as parts
    inner join form_lines as wholes
        on parts.layout = wholes.layout and parts.parent_line_code = wholes.line_code
    where wholes.line_kind = 'leaf'

),

printed_parts as (

    select distinct
        requests.report_id,
        line_parts.whole_code
    from requests
    inner join line_parts on requests.line_code = line_parts.part_code

),

printed_rows as (

    select
        requests.report_id,
        reports.report_year,
        requests.line_code,
        false as is_absent,
        printed_parts.whole_code is not null as is_subtotal,
        {% for column in applicant_columns() %}
            case when requests.{{ column }} = '0' then 0 else {{ column }}_number.count_value end as {{ column }},
            {{ blank_or(
                'requests.' ~ column,
                "case when requests." ~ column ~ " = '0' then 'reported' else " ~ column ~ "_number.count_status end"
            ) }} as {{ column }}_status{% if not loop.last %},{% endif %}
        {% endfor %}
    from requests
    inner join reports on requests.report_id = reports.report_id
    left join printed_parts
        on requests.report_id = printed_parts.report_id and requests.line_code = printed_parts.whole_code
    -- most cells are 0, and need no looking up
    {% for column in applicant_columns() %}
        left join numbers as {{ column }}_number
            on nullif(requests.{{ column }}, '0') = {{ column }}_number.printed
    {% endfor %}

),

{{ incomplete_reports('requests', 'form_lines', ['line_code'], has_variants=true) }},

requests_incomplete as (

    select
        requests.report_id,
        requests.line_code
    from requests
    inner join incomplete_reports on requests.report_id = incomplete_reports.report_id

),

-- a line is answered for when it is printed, or the whole that it is a part of, or a part of it
lines_answered as (

    select
        report_id,
        line_code
    from requests_incomplete
    union
    select
        requests_incomplete.report_id,
        line_parts.part_code as line_code
    from requests_incomplete
    inner join line_parts on requests_incomplete.line_code = line_parts.whole_code
    union
    select
        report_id,
        whole_code as line_code
    from printed_parts

),

absent_rows as (

    select
        incomplete_reports.report_id,
        incomplete_reports.report_year,
        form_lines.line_code,
        true as is_absent,
        false as is_subtotal,
        {% for column in applicant_columns() %}
            cast(null as bigint) as {{ column }},
            'absent' as {{ column }}_status{% if not loop.last %},{% endif %}
        {% endfor %}
    from incomplete_reports
    inner join form_lines on incomplete_reports.layout = form_lines.layout
    left join lines_answered
        on
            incomplete_reports.report_id = lines_answered.report_id
            and form_lines.line_code = lines_answered.line_code
    where not form_lines.is_variant and lines_answered.report_id is null

),

all_rows as (

    select * from printed_rows
    union all
    select * from absent_rows

),

final as (

    select
        *,
        {{ lacks_total(applicant_types()) }} as is_without_total
    from all_rows

)

select * from final
