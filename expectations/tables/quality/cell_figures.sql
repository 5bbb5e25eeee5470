-- Which figures a cell goes into: the same conditions by which agency_year adds up.
{% from 'parts/measures.sql' import measures %}
{% set key = ['form_table', 'line_code', 'column_code', 'figure'] %}
{% set title_zh = '单元格计入哪些汇总指标' %}
{% set title_en = 'A cell goes into the figures that add it up' %}
with cells as (
    select
        form_table, line_code, stage, outcome_group, applicant_type as column_code
    from marts.dim_form_line cross join marts.dim_applicant_type
    where form_table = 'requests' and is_leaf
    union all
    select form_table, line_code, null, null, code
    from marts.dim_form_line cross join reference.channels_results
    where form_table = 'reviews' and dimension = 'result' and kind = 'leaf'
    union all
    select distinct 'disclosures', line_code, null, null, measure_code
    from reference.form_cells
)

{% for measure, (form_table, condition) in measures.items() %}
    select form_table, line_code, column_code, '{{ measure }}' as figure
    from cells
    where form_table = '{{ form_table }}' and {{ condition }}
    {{ 'union all' if not loop.last }}
{% endfor %}
