-- Table 三, one row for each report, applicant type and line. Leaves only: neither the printed row total
-- nor （七）总计 is here, so the outcomes of a report add up to the requests it answered.
with rows_of_leaves as (

    select * from {{ ref('int_request_leaf_rows') }}

),

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'requests'

),

doubtful_cells as (

    select * from {{ ref('doubtful_cells') }}
    where form_table = 'requests'

),

applicants as (

    select * from {{ ref('applicant_types') }}
    where kind = 'leaf'

),

{% set marks = ['is_broken', 'is_broken_on_value', 'is_doubtful'] %}
marked_cells as (

    select
        report_id,
        line_code,
        column_code,
        broken_checks > 0 as is_broken,
        broken_checks_on_values > 0 as is_broken_on_value,
        false as is_doubtful
    from broken_cells
    union all
    select
        report_id,
        line_code,
        column_code,
        false as is_broken,
        false as is_broken_on_value,
        true as is_doubtful
    from doubtful_cells

),

marked_rows as (

    select
        report_id,
        line_code,
        {% for mark in marks %}
            {% set last_mark = loop.last %}
            {% for type in applicant_types() %}
                max(case when column_code = '{{ type }}' and {{ mark }} then 1 else 0 end) = 1
                    as {{ type }}_{{ mark }}{% if not (last_mark and loop.last) %},{% endif %}

            {% endfor %}
        {% endfor %}
    from marked_cells
    group by report_id, line_code

),

-- marks are looked up by the row, before the row is taken apart
rows_with_marks as (

    select
        rows_of_leaves.*,
        {% for mark in marks %}
            {% set last_mark = loop.last %}
            {% for type in applicant_types() %}
                coalesce(marked_rows.{{ type }}_{{ mark }}, false)
                    as {{ type }}_{{ mark }}{% if not (last_mark and loop.last) %},{% endif %}

            {% endfor %}
        {% endfor %}
    from rows_of_leaves
    left join marked_rows
        on rows_of_leaves.report_id = marked_rows.report_id and rows_of_leaves.line_code = marked_rows.line_code

),

final as (

    select
        rows_with_marks.report_id,
        rows_with_marks.agency_id,
        rows_with_marks.report_year,
        applicants.applicant_type,
        rows_with_marks.line_code,
        rows_with_marks.stage,
        rows_with_marks.outcome_group,
        {{ of_applicant_type('rows_with_marks', 'value') }} as value,
        {{ of_applicant_type('rows_with_marks', 'reported') }} as reported_value,
        {{ of_applicant_type('rows_with_marks', 'status') }} as value_status,
        not {{ of_applicant_type('rows_with_marks', 'is_broken') }} as is_consistent,
        not {{ of_applicant_type('rows_with_marks', 'is_broken_on_value') }} as value_is_consistent,
        rows_with_marks.is_consolidated,
        {{ of_applicant_type('rows_with_marks', 'is_doubtful') }} as is_doubtful
    from rows_with_marks
    cross join applicants

)

select * from final
