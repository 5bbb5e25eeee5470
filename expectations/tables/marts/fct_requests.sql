-- The leaves of table 三, a row for each kind of applicant.
{% set key = ['report_id', 'applicant_type', 'line_code'] %}
{% set title_zh = 'fct_requests 与表三各末级单元格一一对应' %}
{% set title_en = 'fct_requests has the leaf cells of table 三, each once, as printed and corrected' %}
with leaves as ({% include 'parts/request_leaves.sql' %}),

-- how often a cell is marked; most are not
marked_rows as (
    select
        report_id, line_code,
        {% for type in applicant_types %}
            sum(broken) filter (column_code = '{{ type }}') as {{ type }}_broken,
            sum(broken_on_values) filter (column_code = '{{ type }}') as {{ type }}_broken_on_values,
            sum(doubtful) filter (column_code = '{{ type }}') as {{ type }}_doubtful,
        {% endfor %}
    from (
        select
            report_id, form_table, line_code, column_code, broken_checks as broken,
            broken_checks_on_values as broken_on_values, 0 as doubtful
        from quality.broken_cells
        union all
        select report_id, form_table, line_code, column_code, 0, 0, 1 from quality.doubtful_cells
    )
    where form_table = 'requests'
    group by all
),

rows_with_marks as (
    select leaves.*, marked_rows.* exclude (report_id, line_code)
    from leaves
    left join marked_rows on leaves.report_id = marked_rows.report_id and leaves.line_code = marked_rows.line_code
)

{% for type in applicant_types %}
    select
        report_id, agency_id, report_year, '{{ type }}' as applicant_type, line_code, stage, outcome_group,
        {{ type }}_value as value, {{ type }}_reported as reported_value, {{ type }}_status as value_status,
        coalesce({{ type }}_broken, 0) = 0 as is_consistent,
        coalesce({{ type }}_broken_on_values, 0) = 0 as value_is_consistent, is_consolidated,
        coalesce({{ type }}_doubtful, 0) > 0 as is_doubtful
    from rows_with_marks
    {{ 'union all' if not loop.last }}
{% endfor %}
