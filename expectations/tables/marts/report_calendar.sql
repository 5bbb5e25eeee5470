-- What each body owes for each year, and what was landed of it.
{% set key = ['agency_id', 'report_year'] %}
{% set title_zh = 'report_calendar 与期限、机关起止及入库报告一致' %}
{% set title_en = 'report_calendar has what is due of each body beside what was landed of it' %}
with span as (
    select min(report_year) as first_year, max(report_year) as last_year from marts.dim_report
),
bodies as (
    select
        agencies.*,
        -- each is asked apart: what the seed says, what is recorded of reforms, what reports show
        coalesce(
            (select valid_from from stewardship.agency_lifetimes as told where told.agency_id = agencies.agency_id),
            (
                select min(coalesce(
                    effective_year,
                    (select min(report_year) from marts.dim_report where dim_report.agency_id = successor_agency_id)
                ))
                from staging.stg_agency_successions
                where successor_agency_id = agencies.agency_id and succession_kind = 'renamed'
            ),
            0
        ) as valid_from,
        coalesce(
            (select valid_to from stewardship.agency_lifetimes as told where told.agency_id = agencies.agency_id),
            (
                select min(coalesce(
                    effective_year - 1,
                    (select max(report_year) from marts.dim_report where dim_report.agency_id = predecessor_agency_id)
                ))
                from staging.stg_agency_successions
                where predecessor_agency_id = agencies.agency_id and succession_kind <> 'split'
                    and coalesce(share, 1) >= 1
            ),
            9999
        ) as valid_to
    from staging.stg_agencies as agencies
),
owed as (
    select agency_id, level, sector_code, unnest(range(
        greatest(valid_from, (select first_year from span)), least(valid_to, (select last_year from span)) + 1
    )) as report_year
    from bodies
),
-- a word for the body's own line of work, or else for any
said as (
    select agency_id, report_year, max_by(special, special.from_year) as special, max_by(usual, usual.from_year) as usual
    from owed
    left join reference.report_due_dates as special
        on special.level = owed.level and special.sector_code = owed.sector_code and special.from_year <= report_year
    left join reference.report_due_dates as usual
        on usual.level = owed.level and usual.sector_code = 'any' and usual.from_year <= report_year
    group by all
),
due as (
    select agency_id, report_year, make_date(report_year + 1, day.due_month, day.due_day) as due_on
    from (select agency_id, report_year, coalesce(special, usual) as day from said)
    where day is not null
),
landed as (
    select
        agency_id, report_year, any_value(report_id) filter (is_current) as report_id, min(landed_on) as landed_on,
        list(published_on order by published_on nulls last) as days
    from marts.dim_report group by all
),
beside as (
    select * exclude (days), if(days[1] <= due_on or days[-1] is not null, days[1], null) as published_on
    from due full join landed using (agency_id, report_year)
)
select
    *, if(published_on > due_on, published_on - due_on, null) as days_late,
    case
        when due_on is null then 'not_expected' when report_id is null then 'not_landed'
        when days_late is not null then 'late' when published_on is not null then 'on_time' else 'undated'
    end as state
from beside
