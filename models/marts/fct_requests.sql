-- Table 三, one row for each report, applicant type and line. Leaves only: neither the printed row total
-- nor （七）总计 is here, so the outcomes of a report add up to the requests it answered.
with rows_of_leaves as (

    select * from {{ ref('int_request_leaf_rows') }}

),

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'requests'

),

applicants as (

    select * from {{ ref('applicant_types') }}
    where kind = 'leaf'

),

broken_rows as (

    select
        report_id,
        line_code,
        {% for type in applicant_types() %}
            max(case when column_code = '{{ type }}' then 1 end) as {{ type }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from broken_cells
    group by report_id, line_code

),

-- breaks are looked up by the row, before the row is taken apart
rows_with_breaks as (

    select
        rows_of_leaves.*,
        {% for type in applicant_types() %}
            broken_rows.{{ type }} is null as {{ type }}_is_consistent{% if not loop.last %},{% endif %}

        {% endfor %}
    from rows_of_leaves
    left join broken_rows
        on rows_of_leaves.report_id = broken_rows.report_id and rows_of_leaves.line_code = broken_rows.line_code

),

final as (

    select
        rows_with_breaks.report_id,
        rows_with_breaks.agency_id,
        rows_with_breaks.report_year,
        applicants.applicant_type,
        rows_with_breaks.line_code,
        rows_with_breaks.stage,
        rows_with_breaks.outcome_group,
        {{ of_applicant_type('rows_with_breaks', 'value') }} as value,
        {{ of_applicant_type('rows_with_breaks', 'reported') }} as reported_value,
        {{ of_applicant_type('rows_with_breaks', 'status') }} as value_status,
        {{ of_applicant_type('rows_with_breaks', 'is_consistent') }} as is_consistent,
        rows_with_breaks.is_consolidated
    from rows_with_breaks
    cross join applicants

)

select * from final
