-- Roll-ups of table 三, line by line: the numbers of a consolidated report and the sums of its members' numbers, and
-- the cells that hold none. The seven columns stay side by side.
with check_sources as (

    select * from {{ ref('int_check_sources') }}

),

reports as (

    select * from {{ ref('int_reports') }}
    where is_consolidated

),

request_rows as (

    select * from {{ ref('int_request_rows') }}
    where not is_subtotal

),

rows_of_members as (

    select * from {{ whole('int_request_rows') }}
    where not is_subtotal

),

members as (

    select
        report_id,
        count(*) as member_reports
    from check_sources
    where scope = 'members'
    group by report_id

),

sums_of_members as (

    select
        check_sources.report_id,
        rows_of_members.line_code,
        count(*) as members_found,
        {% for column in applicant_columns() %}
            sum(
                case rows_of_members.{{ column }}_status
                    {% for status in missing_statuses() %}
                        when '{{ status }}' then {{ missing_member_weight(status) }}
                    {% endfor %}
                    else 0
                end
            ) as {{ column }}_missing,
            sum(rows_of_members.{{ column }}) as {{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from rows_of_members
    inner join check_sources on rows_of_members.report_id = check_sources.source_report_id
    where check_sources.scope = 'members'
    group by check_sources.report_id, rows_of_members.line_code

),

-- where a member prints （六） in one row and the report in three, or the other way round, a line is short of it
final as (

    select
        request_rows.report_id,
        request_rows.report_year,
        request_rows.line_code,
        {% for column in applicant_columns() %}
            cast(request_rows.{{ column }} as decimal(28, 4)) as {{ column }}_lhs,
            cast(sums_of_members.{{ column }} as decimal(28, 4)) as {{ column }}_rhs,
            {{ missing_value_digit('request_rows.' ~ column ~ '_status') }} as {{ column }}_missing_values,
            cast(
                coalesce(sums_of_members.{{ column }}_missing, 0)
                + case
                    when coalesce(sums_of_members.members_found, 0) < coalesce(members.member_reports, 0)
                        then {{ short_of_members() }}
                    else 0
                end as bigint
            ) as {{ column }}_missing_members{% if not loop.last %},{% endif %}

        {% endfor %}
    from request_rows
    inner join reports on request_rows.report_id = reports.report_id
    left join members on request_rows.report_id = members.report_id
    left join sums_of_members
        on
            request_rows.report_id = sums_of_members.report_id
            and request_rows.line_code = sums_of_members.line_code

)

select * from final
