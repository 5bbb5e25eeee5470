-- When the reports of each year were first published, against the days that the Regulations name in article 49: 31 January
-- for a body's own report, 31 March for a government's. Townships are named with neither. Missing are bodies that had a
-- report for the year before and were not succeeded by another.
with earlier_editions as (

    select
        agency_id,
        report_year,
        min(published_on) as published_on
    from marts.dim_report
    where not is_current
    group by agency_id, report_year

),

succeeded as (

    select distinct predecessor_agency_id as agency_id
    from marts.dim_agency
    where predecessor_agency_id is not null

),

reports as (

    select
        current.report_year,
        current.is_consolidated,
        agencies.level = 'township' as is_township,
        succeeded.agency_id is not null as is_succeeded,
        least(current.published_on, earlier_editions.published_on) as published_on,
        make_date(current.report_year + 1, if(current.is_consolidated, 3, 1), 31) as due_on,
        lead(current.report_year) over (partition by current.agency_id order by current.report_year) as next_year
    from marts.dim_report as current
    inner join marts.dim_agency as agencies on current.agency_id = agencies.agency_id
    left join succeeded on current.agency_id = succeeded.agency_id
    left join earlier_editions
        on current.agency_id = earlier_editions.agency_id and current.report_year = earlier_editions.report_year
    where current.is_current

),

years as (

    select
        report_year,
        count(*) as reports,
        count_if(published_on is null) as not_dated,
        {% for name, kind in {'own': 'not is_consolidated and not is_township', 'consolidated': 'is_consolidated'}.items() %}
            count_if({{ kind }} and published_on is not null) as {{ name }}_dated,
            count_if({{ kind }} and published_on > due_on) as {{ name }}_late,
        {% endfor %}
        count_if(not is_succeeded and next_year is distinct from report_year + 1) as missing_next_year
    from reports
    group by report_year

)

select
    *,
    own_late / nullif(own_dated, 0) as own_late_rate,
    consolidated_late / nullif(consolidated_dated, 0) as consolidated_late_rate,
    -- of the first year nothing before it is known
    lag(missing_next_year) over (order by report_year) as missing
from years
order by report_year
