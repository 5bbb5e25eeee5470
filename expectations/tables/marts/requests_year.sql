-- Table 三 of a year, province and line of work.
{% set key = ['report_year', 'province_code', 'sector', 'is_consolidated', 'applicant_type', 'line_code'] %}
{% set title_zh = 'requests_year 与 fct_requests 之和一致' %}
{% set title_en = 'requests_year is what the cells of table 三 add up to' %}
{% set statuses = ['reported', 'blank', 'not_applicable', 'unreadable', 'absent'] %}
with sums as (
    select
        report_year, province_code, sector, is_consolidated, line_code, stage, outcome_group, count(*) as cells,
        {% for type in applicant_types %}
            sum({{ type }}_value) as {{ type }}_value,
            {% for status in statuses %}
                count_if({{ type }}_status = '{{ status }}') as {{ type }}_{{ status }},
            {% endfor %}
        {% endfor %}
    from ({% include 'parts/request_leaves.sql' %})
    inner join marts.dim_region using (region_code)
    group by all
)

{% for type in applicant_types %}
    select
        report_year, province_code, sector, is_consolidated, '{{ type }}' as applicant_type, line_code, stage,
        outcome_group, {{ type }}_value as value, cells,
        {% for status in statuses %}{{ type }}_{{ status }} as cells_{{ status }},{% endfor %}
    from sums
    {{ 'union all' if not loop.last }}
{% endfor %}
