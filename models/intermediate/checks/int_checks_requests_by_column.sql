-- The identities down the columns of table 三: both sides over the cells that hold a number, and the terms that hold
-- none. The seven columns stay side by side.
with request_rows as (

    select * from {{ ref('int_request_rows') }}

),

identity_terms as (

    select distinct
        identity_id,
        line_code,
        side,
        term_order,
        coefficient,
        missing_value_weight,
        subtotals,
        without_total
    from {{ ref('int_identity_terms') }}
    where evaluated_by = 'column'

),

terms as (

    select
        identity_id,
        line_code,
        case when side = 'left' then coefficient end as left_weight,
        case when side = 'right' then -coefficient end as right_weight,
        missing_value_weight,
        subtotals,
        without_total
    from identity_terms

),

final as (

    select
        request_rows.report_id,
        request_rows.report_year,
        terms.identity_id,
        {% for column in applicant_columns() %}
            cast(sum(request_rows.{{ column }} * terms.left_weight) as decimal(28, 4)) as {{ column }}_lhs,
            cast(sum(request_rows.{{ column }} * terms.right_weight) as decimal(28, 4)) as {{ column }}_rhs,
            cast(
                sum({{ missing_value_digit('request_rows.' ~ column ~ '_status') }} * terms.missing_value_weight)
                as bigint
            ) as {{ column }}_missing_values{% if not loop.last %},{% endif %}

        {% endfor %}
    from request_rows
    inner join terms on request_rows.line_code = terms.line_code and {{ reads_cell('terms', 'request_rows') }}
    group by request_rows.report_id, request_rows.report_year, terms.identity_id
    -- a check is made where the report has, or should have, a cell of the left side
    having count(terms.left_weight) > 0

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
