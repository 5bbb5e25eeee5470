-- The rows of table 三 that are leaves, the six kinds of applicants side by side, corrected where the corrections seed
-- says so. Neither the printed row total nor （七）总计 is here.
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

form_lines as (

    select distinct
        line_code,
        line_kind,
        stage,
        outcome_group
    from {{ ref('form_lines') }}
    where form_table = 'requests'

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}
    where form_table = 'requests'

),

{% set columns = applicant_types() %}
corrected_rows as (

    select
        report_id,
        line_code,
        {% for column in columns %}
            max(case when column_code = '{{ column }}' then cast(value as bigint) end)
                as {{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from corrected_cells
    group by report_id, line_code

),

final as (

    select
        rows_of_requests.report_id,
        reports.agency_id,
        rows_of_requests.report_year,
        reports.region_code,
        reports.sector_code,
        rows_of_requests.line_code,
        form_lines.stage,
        form_lines.outcome_group,
        {% for column in columns %}
            coalesce(corrected_rows.{{ column }}, rows_of_requests.{{ column }}) as {{ column }}_value,
            rows_of_requests.{{ column }} as {{ column }}_reported,
            rows_of_requests.{{ column }}_status,
        {% endfor %}
        reports.is_consolidated
    from rows_of_requests
    inner join reports on rows_of_requests.report_id = reports.report_id
    inner join form_lines on rows_of_requests.line_code = form_lines.line_code
    left join corrected_rows
        on
            rows_of_requests.report_id = corrected_rows.report_id
            and rows_of_requests.line_code = corrected_rows.line_code
    where form_lines.line_kind = 'leaf' and not rows_of_requests.is_subtotal

)

select * from final
