{{ by_report('reports_rewritten', 'has_new_facts', has_years=true) }}

-- Table 三, one row for each report, applicant type and line. Leaves only: neither the printed row total
-- nor （七）总计 is here, so the outcomes of a report add up to the requests it answered.
with rows_of_leaves as (

    select * from {{ rows_touched(ref('int_request_leaf_rows'), 'reports_rewritten', 'has_new_facts') }}

),

applicants as (

    select * from {{ ref('applicant_types') }}
    where kind = 'leaf'

),

final as (

    select
        rows_of_leaves.report_id,
        rows_of_leaves.agency_id,
        rows_of_leaves.report_year,
        applicants.applicant_type,
        rows_of_leaves.line_code,
        rows_of_leaves.stage,
        rows_of_leaves.outcome_group,
        {% set names = {
            'value': 'value', 'reported': 'reported_value', 'status': 'value_status', 'is_consistent': 'is_consistent'
        } %}
        {% for part, name in names.items() %}
            case applicants.applicant_type
                {% for type in applicant_types() %}
                    when '{{ type }}' then rows_of_leaves.{{ type }}_{{ part }}
                {% endfor %}
            end as {{ name }},
        {% endfor %}
        rows_of_leaves.is_consolidated
    from rows_of_leaves
    cross join applicants

)

select * from final
