-- Roll-ups of table 三, line by line: the numbers of a consolidated report and the sums of its members' numbers, with the
-- pattern of the cells that hold none. The seven columns stay side by side.
with report_pairs as (

    select * from {{ ref('int_report_pairs') }}

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
    from report_pairs
    where scope = 'members'
    group by report_id

),

sums_of_members as (

    select
        report_pairs.report_id,
        rows_of_members.line_code,
        count(*) as members_found,
        {% for column in applicant_columns() %}
            {% for status in gap_statuses() %}
                count(case when rows_of_members.{{ column }}_status = '{{ status }}' then 1 end) as {{ column }}_{{ status }},
            {% endfor %}
            sum(rows_of_members.{{ column }}) as {{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from rows_of_members
    inner join report_pairs on rows_of_members.report_id = report_pairs.source_report_id
    where report_pairs.scope = 'members'
    group by report_pairs.report_id, rows_of_members.line_code

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
            {{ rollup_gaps('request_rows.' ~ column ~ '_status', 'sums_of_members.' ~ column) }} as {{ column }}_gaps,
        {% endfor %}
        coalesce(sums_of_members.members_found, 0) < coalesce(members.member_reports, 0) as is_short_of_members
    from request_rows
    inner join reports on request_rows.report_id = reports.report_id
    left join members on request_rows.report_id = members.report_id
    left join sums_of_members
        on
            request_rows.report_id = sums_of_members.report_id
            and request_rows.line_code = sums_of_members.line_code

)

select * from final
