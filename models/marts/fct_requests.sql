{{ by_report('reports_rewritten', 'has_new_facts', has_years=true) }}

-- Table 三, one row for each report, applicant type and line. Leaves only: neither the printed row total
-- nor （七）总计 is here, so the outcomes of a report add up to the requests it answered.
with rows_of_requests as (

    select * from {{ rows_touched(ref('int_request_rows'), 'reports_rewritten', 'has_new_facts') }}

),

reports as (

    select * from {{ rows_touched(ref('int_reports'), 'reports_rewritten', 'has_new_facts') }}

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

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'requests'

),

cells as (

    {% for column in applicant_columns() if column != 'total' %}
        select
            report_id,
            line_code,
            '{{ column }}' as applicant_type,
            {{ column }} as reported_value,
            {{ column }}_status as value_status
        from rows_of_requests
        where not is_subtotal
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        cells.report_id,
        reports.agency_id,
        reports.report_year,
        cells.applicant_type,
        cells.line_code,
        form_lines.stage,
        form_lines.outcome_group,
        coalesce(cast(corrected_cells.value as bigint), cells.reported_value) as value,
        cells.reported_value,
        cells.value_status,
        broken_cells.report_id is null as is_consistent,
        reports.is_consolidated
    from cells
    inner join reports on cells.report_id = reports.report_id
    inner join form_lines on cells.line_code = form_lines.line_code
    left join corrected_cells
        on
            cells.report_id = corrected_cells.report_id
            and cells.line_code = corrected_cells.line_code
            and cells.applicant_type = corrected_cells.column_code
    left join broken_cells
        on
            cells.report_id = broken_cells.report_id
            and cells.line_code = broken_cells.line_code
            and cells.applicant_type = broken_cells.column_code
    where form_lines.line_kind = 'leaf'

)

select * from final
