-- The rows of table 三 that the facts hold, with the numbers of the six kinds of applicant as reported and corrected.
select
    request_rows.report_id, reports.agency_id, reports.report_year, reports.region_code,
    reports.sector_code as sector, reports.is_consolidated, line_code, lines.stage, lines.outcome_group,
    {% for type in applicant_types %}
        request_rows.{{ type }} as {{ type }}_reported,
        coalesce(corrected.{{ type }}, request_rows.{{ type }}) as {{ type }}_value,
        {{ type }}_status,
    {% endfor %}
from intermediate.int_request_rows as request_rows
inner join intermediate.int_reports as reports on request_rows.report_id = reports.report_id
inner join (
    select distinct line_code, stage, outcome_group
    from reference.form_lines
    where form_table = 'requests' and line_kind = 'leaf'
) as lines using (line_code)
left join (
    select
        report_id, line_code,
        {% for type in applicant_types %}
            any_value(value) filter (column_code = '{{ type }}')::bigint as {{ type }},
        {% endfor %}
    from intermediate.int_corrected_cells
    where form_table = 'requests'
    group by all
) as corrected on request_rows.report_id = corrected.report_id and line_code = corrected.line_code
where not request_rows.is_subtotal
