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

applicant_types as (

    select * from {{ ref('applicant_types') }}
    where kind = 'leaf'

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}
    where form_table = 'requests'

),

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'requests'

),

{% set columns = applicant_columns() | reject('equalto', 'total') | list %}
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

broken_rows as (

    select
        report_id,
        line_code,
        {% for column in columns %}
            max(case when column_code = '{{ column }}' then 1 end) as {{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from broken_cells
    group by report_id, line_code

),

-- everything is looked up by the row, before the row is taken apart
rows_of_leaves as (

    select
        rows_of_requests.report_id,
        reports.agency_id,
        reports.report_year,
        rows_of_requests.line_code,
        form_lines.stage,
        form_lines.outcome_group,
        {% for column in columns %}
            coalesce(corrected_rows.{{ column }}, rows_of_requests.{{ column }}) as {{ column }}_value,
            rows_of_requests.{{ column }},
            rows_of_requests.{{ column }}_status,
            broken_rows.{{ column }} is null as {{ column }}_is_consistent,
        {% endfor %}
        reports.is_consolidated
    from rows_of_requests
    inner join reports on rows_of_requests.report_id = reports.report_id
    inner join form_lines on rows_of_requests.line_code = form_lines.line_code
    left join corrected_rows
        on
            rows_of_requests.report_id = corrected_rows.report_id
            and rows_of_requests.line_code = corrected_rows.line_code
    left join broken_rows
        on
            rows_of_requests.report_id = broken_rows.report_id
            and rows_of_requests.line_code = broken_rows.line_code
    where form_lines.line_kind = 'leaf' and not rows_of_requests.is_subtotal

),

final as (

    select
        rows_of_leaves.report_id,
        rows_of_leaves.agency_id,
        rows_of_leaves.report_year,
        applicant_types.applicant_type,
        rows_of_leaves.line_code,
        rows_of_leaves.stage,
        rows_of_leaves.outcome_group,
        {% for part in ['_value', '', '_status', '_is_consistent'] %}
            case applicant_types.applicant_type
                {% for column in columns %}
                    when '{{ column }}' then rows_of_leaves.{{ column }}{{ part }}
                {% endfor %}
            end as {{ ['value', 'reported_value', 'value_status', 'is_consistent'][loop.index0] }},
        {% endfor %}
        rows_of_leaves.is_consolidated
    from rows_of_leaves
    cross join applicant_types

)

select * from final
