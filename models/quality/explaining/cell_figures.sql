-- Which figures of the wide summaries a cell goes into. Printed totals go into none.
with form_lines as (

    select * from {{ ref('dim_form_line') }}

),

applicant_types as (

    select * from {{ ref('dim_applicant_type') }}

),

results as (

    select * from {{ ref('channels_results') }}
    where dimension = 'result' and kind = 'leaf'

),

form_cells as (

    select * from {{ ref('form_cells') }}

),

cells as (

    select
        form_lines.form_table,
        form_lines.line_code,
        applicant_types.applicant_type as column_code,
        form_lines.stage,
        form_lines.outcome_group,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as result,
        cast(null as {{ dbt.type_string() }}) as measure_code
    from form_lines
    cross join applicant_types
    where form_lines.form_table = 'requests' and form_lines.is_leaf
    union all
    select
        form_lines.form_table,
        form_lines.line_code,
        results.code as column_code,
        form_lines.stage,
        form_lines.outcome_group,
        form_lines.line_code as channel,
        results.code as result,
        cast(null as {{ dbt.type_string() }}) as measure_code
    from form_lines
    cross join results
    where form_lines.form_table = 'reviews'
    union all
    select distinct
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        cast(null as {{ dbt.type_string() }}) as stage,
        cast(null as {{ dbt.type_string() }}) as outcome_group,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as result,
        measure_code
    from form_cells

),

final as (

    {% for measure in summary_measures() %}
        select
            form_table,
            line_code,
            column_code,
            '{{ measure.name }}' as figure
        from cells
        where form_table = '{{ fact_tables()[measure.fact] }}' and {{ measure.cells }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
