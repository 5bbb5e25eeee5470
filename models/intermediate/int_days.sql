-- The days of the years that have a report: MetricFlow asks for a calendar by day, though a report is of a year.
with reports as (

    select * from {{ ref('int_reports') }}

),

years as (

    select distinct report_year
    from reports

),

digits as (

    {% for digit in range(10) %}
        select {{ digit }} as digit
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

days_of_a_year as (

    select 100 * hundreds.digit + 10 * tens.digit + ones.digit as days_after_the_first
    from digits as hundreds
    cross join digits as tens
    cross join digits as ones
    where hundreds.digit < 4

),

days as (

    select
        years.report_year,
        {{ dbt.dateadd('day', 'days_of_a_year.days_after_the_first', 'make_date(years.report_year, 1, 1)') }} as day
    from years
    cross join days_of_a_year

),

final as (

    select
        cast(day as date) as date_day,
        report_year
    from days
    where extract(year from day) = report_year

)

select * from final
