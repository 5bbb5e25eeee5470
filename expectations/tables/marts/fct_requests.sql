-- The leaves of table 三, a row for each kind of applicant.
{% set key = ['report_id', 'applicant_type', 'line_code'] %}
{% set title_zh = 'fct_requests 与表三各末级单元格一一对应' %}
{% set title_en = 'fct_requests has the leaf cells of table 三, each once, as printed and corrected' %}
with leaves as ({% include 'parts/request_leaves.sql' %}),

broken_rows as (
    select
        report_id, line_code,
        {% for type in applicant_types %}count_if(column_code = '{{ type }}') = 0 as {{ type }}_is_consistent,{% endfor %}
    from quality.broken_cells
    where form_table = 'requests'
    group by all
),

rows_with_breaks as (
    select leaves.*, broken_rows.* exclude (report_id, line_code)
    from leaves
    left join broken_rows on leaves.report_id = broken_rows.report_id and leaves.line_code = broken_rows.line_code
)

{% for type in applicant_types %}
    select
        report_id, agency_id, report_year, '{{ type }}' as applicant_type, line_code, stage, outcome_group,
        {{ type }}_value as value, {{ type }}_reported as reported_value, {{ type }}_status as value_status,
        coalesce({{ type }}_is_consistent, true) as is_consistent, is_consolidated
    from rows_with_breaks
    {{ 'union all' if not loop.last }}
{% endfor %}
