-- One number for all that the reports of a year hang on beside what was landed of them: the bodies, and the year's members
-- of roll-ups, corrections, entries in the ledger, and how reports were read.
with reports as (

    select * from {{ ref('stg_reports') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

decisions as (

    select * from {{ ref('int_decisions') }}

),

bodies as (

    select
        {{ state_of([
            'agency_id', 'agency_name', 'region_code', 'level', 'sector_code', 'parent_agency_id',
            'predecessor_agency_id', 'is_consolidated',
        ]) }} as state
    from agencies

),

grounds as (

    select
        report_year,
        {{ hash_of_key(['agency_id', 'member_agency_id', 'is_complete']) }} as ground
    from rollup_members
    union all
    select
        reports.report_year,
        {{ hash_of_key(['decisions.report_id', 'decisions.kind', 'decisions.ground']) }} as ground
    from decisions
    inner join reports on decisions.report_id = reports.report_id

),

grounds_of_years as (

    select
        report_year,
        {{ state_of(['ground']) }} as state
    from grounds
    group by report_year

),

years as (

    select distinct report_year
    from reports

),

final as (

    select
        years.report_year,
        concat(bodies.state, ' ', coalesce(grounds_of_years.state, '')) as year_state
    from years
    cross join bodies
    left join grounds_of_years on years.report_year = grounds_of_years.report_year

)

select * from final
