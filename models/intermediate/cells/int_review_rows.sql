-- Table 四, a row for every channel: the five numbers with their status; a channel that the document
-- leaves out is there as `absent`.
with reviews as (

    select * from {{ ref('stg_reviews') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

form_lines as (

    select * from {{ ref('form_lines') }}
    where form_table = 'reviews'

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

printed_rows as (

    select
        reviews.report_id,
        reports.report_year,
        reviews.channel,
        false as is_absent,
        {% for column in result_columns() %}
            {{ column }}_number.count_value as {{ column }},
            {{ blank_or('reviews.' ~ column, column ~ '_number.count_status') }} as {{ column }}_status
            {%- if not loop.last %},{% endif %}

        {% endfor %}
    from reviews
    inner join reports on reviews.report_id = reports.report_id
    {% for column in result_columns() %}
        left join numbers as {{ column }}_number on reviews.{{ column }} = {{ column }}_number.printed
    {% endfor %}

),

absent_rows as (

    select
        reports.report_id,
        reports.report_year,
        form_lines.line_code as channel,
        true as is_absent,
        {% for column in result_columns() %}
            cast(null as bigint) as {{ column }},
            'absent' as {{ column }}_status{% if not loop.last %},{% endif %}
        {% endfor %}
    from reports
    inner join form_lines on reports.layout = form_lines.layout
    left join reviews
        on reports.report_id = reviews.report_id and form_lines.line_code = reviews.channel
    where reviews.report_id is null

),

all_rows as (

    select * from printed_rows
    union all
    select * from absent_rows

),

final as (

    select
        *,
        {{ lacks_total(result_types()) }} as is_without_total
    from all_rows

)

select * from final
