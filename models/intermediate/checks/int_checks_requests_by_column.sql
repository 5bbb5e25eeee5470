-- The identities down the columns of table 三, within a report and from year to year: both sides over the cells that
-- hold a number, and the terms that hold none. The seven columns stay side by side.
with own_rows as (

    select * from {{ ref('int_request_rows') }}

),

rows_of_all_years as (

    select * from {{ whole('int_request_rows') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}
    where scope = 'own' and year_offset <> 0

),

reports as (

    select * from {{ ref('int_reports') }}

),

identity_terms as (

    select distinct
        identity_id,
        line_code,
        year_offset,
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
        year_offset,
        case when side = 'left' then coefficient end as left_weight,
        case when side = 'right' then -coefficient end as right_weight,
        missing_value_weight,
        subtotals,
        without_total
    from identity_terms

),

lines_of_other_years as (

    select distinct
        line_code,
        year_offset
    from terms
    where year_offset <> 0

),

request_rows as (

    select
        own_rows.*,
        own_rows.report_id as checked_report_id,
        own_rows.report_year as checked_year,
        0 as year_offset
    from own_rows
    union all
    select
        rows_of_all_years.*,
        check_sources.report_id as checked_report_id,
        reports.report_year as checked_year,
        check_sources.year_offset
    from rows_of_all_years
    inner join lines_of_other_years on rows_of_all_years.line_code = lines_of_other_years.line_code
    inner join check_sources
        on
            rows_of_all_years.report_id = check_sources.source_report_id
            and lines_of_other_years.year_offset = check_sources.year_offset
    inner join reports on check_sources.report_id = reports.report_id

),

final as (

    select
        request_rows.checked_report_id as report_id,
        request_rows.checked_year as report_year,
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
    inner join terms
        on request_rows.line_code = terms.line_code and request_rows.year_offset = terms.year_offset
    where {{ reads_cell('terms', 'request_rows') }}
    group by request_rows.checked_report_id, request_rows.checked_year, terms.identity_id
    -- a check is made where the report has, or should have, a cell of the left side
    having count(case when terms.year_offset = 0 then terms.left_weight end) > 0

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
