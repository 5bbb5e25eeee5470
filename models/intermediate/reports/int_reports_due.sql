-- Which reports are due and when: of every body whose kind has a day set, for each year of the warehouse in which the
-- body stands. A steward's word on when it stands goes first, then who took over from whom. Where no year of that is
-- known, a body stands until the last report held of it, and its heir by another name from the first.
with agencies as (

    select * from {{ ref('stg_agencies') }}

),

agency_successions as (

    select * from {{ ref('stg_agency_successions') }}

),

agency_lifetimes as (

    select * from {{ ref('agency_lifetimes') }}

),

report_due_dates as (

    select * from {{ ref('report_due_dates') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

digits as (

    {% for digit in range(10) %}
        select {{ digit }} as digit
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

numbers as (

    select 10 * tens.digit + ones.digit as number_of_years
    from digits as tens
    cross join digits as ones

),

years_held as (

    select
        min(report_year) as first_year,
        max(report_year) as last_year
    from reports

),

years as (

    select years_held.first_year + numbers.number_of_years as report_year
    from years_held
    cross join numbers
    where years_held.first_year + numbers.number_of_years <= years_held.last_year

),

years_held_of_agencies as (

    select
        agency_id,
        min(report_year) as first_year,
        max(report_year) as last_year
    from reports
    group by agency_id

),

ends as (

    select
        agency_successions.predecessor_agency_id as agency_id,
        min(coalesce(agency_successions.effective_year - 1, held.last_year)) as valid_to
    from agency_successions
    left join years_held_of_agencies as held on agency_successions.predecessor_agency_id = held.agency_id
    where agency_successions.succession_kind <> 'split' and coalesce(agency_successions.share, 1) = 1
    group by agency_successions.predecessor_agency_id

),

beginnings as (

    select
        agency_successions.successor_agency_id as agency_id,
        min(coalesce(agency_successions.effective_year, held.first_year)) as valid_from
    from agency_successions
    left join years_held_of_agencies as held on agency_successions.successor_agency_id = held.agency_id
    where agency_successions.succession_kind = 'renamed'
    group by agency_successions.successor_agency_id

),

lifetimes as (

    select
        agencies.agency_id,
        agencies.level,
        agencies.sector_code,
        coalesce(agency_lifetimes.valid_from, beginnings.valid_from) as valid_from,
        coalesce(agency_lifetimes.valid_to, ends.valid_to) as valid_to
    from agencies
    left join agency_lifetimes on agencies.agency_id = agency_lifetimes.agency_id
    left join beginnings on agencies.agency_id = beginnings.agency_id
    left join ends on agencies.agency_id = ends.agency_id

),

kinds as (

    select distinct
        level,
        sector_code
    from agencies

),

-- the row for a line of work goes before the one for any, and the latest before earlier ones
days_of_kinds as (

    select
        kinds.level,
        kinds.sector_code,
        years.report_year,
        report_due_dates.due_month,
        report_due_dates.due_day,
        row_number() over (
            partition by kinds.level, kinds.sector_code, years.report_year
            order by
                case report_due_dates.sector_code when 'any' then 1 else 0 end,
                report_due_dates.from_year desc
        ) as place
    from kinds
    inner join report_due_dates
        on
            kinds.level = report_due_dates.level
            and report_due_dates.sector_code in (kinds.sector_code, 'any')
    inner join years on report_due_dates.from_year <= years.report_year

),

final as (

    select
        lifetimes.agency_id,
        days_of_kinds.report_year,
        make_date(days_of_kinds.report_year + 1, days_of_kinds.due_month, days_of_kinds.due_day) as due_on
    from lifetimes
    inner join days_of_kinds
        on
            lifetimes.level = days_of_kinds.level
            and lifetimes.sector_code = days_of_kinds.sector_code
    where
        days_of_kinds.place = 1
        and days_of_kinds.report_year >= coalesce(lifetimes.valid_from, days_of_kinds.report_year)
        and days_of_kinds.report_year <= coalesce(lifetimes.valid_to, days_of_kinds.report_year)

)

select * from final
