-- The reports that this build writes, each with the body and year that it has and those that it had in the last build:
-- all where there is no build to go on from. Else those that are not what the last build saw, and those whose checks
-- look at them, now or then.
with reports as (

    select * from {{ ref('report_fingerprints') }}

),

agency_successions as (

    select * from {{ ref('stg_agency_successions') }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

last_build as (

    {{ rows_of_last_build() }}

),

places as (

    select
        report_id,
        agency_id,
        report_year
    from reports
    union
    select
        report_id,
        agency_id,
        report_year
    from last_build

),

seen as (

    select distinct
        report_id,
        fingerprint
    from last_build

),

changed as (

    select coalesce(reports.report_id, seen.report_id) as report_id
    from reports
    full outer join seen on reports.report_id = seen.report_id
    where coalesce(reports.fingerprint, '') <> coalesce(seen.fingerprint, '')

),

bodies_of_reforms as (

    select distinct successor_agency_id as agency_id
    from agency_successions

),

-- every body's year with the bodies' years that its checks may look at
years_looked_at as (

    select distinct
        agency_id,
        report_year,
        agency_id as source_agency_id,
        report_year as source_year
    from places
    union all
    select distinct
        agency_id,
        report_year,
        agency_id as source_agency_id,
        report_year - 1 as source_year
    from places
    union all
    select distinct
        places.agency_id,
        places.report_year,
        agency_successions.predecessor_agency_id as source_agency_id,
        places.report_year - 1 as source_year
    from places
    inner join agency_successions on places.agency_id = agency_successions.successor_agency_id
    union all
    -- a predecessor without a report of its own stands for the body that it was renamed from
    select distinct
        places.agency_id,
        places.report_year,
        earlier_successions.predecessor_agency_id as source_agency_id,
        places.report_year - 1 as source_year
    from places
    inner join agency_successions on places.agency_id = agency_successions.successor_agency_id
    inner join agency_successions as earlier_successions
        on agency_successions.predecessor_agency_id = earlier_successions.successor_agency_id
    union all
    -- whether a body of a reform has a report of its own to go on from is told by its first
    select
        places.agency_id,
        places.report_year,
        earlier_places.agency_id as source_agency_id,
        earlier_places.report_year as source_year
    from places
    inner join bodies_of_reforms on places.agency_id = bodies_of_reforms.agency_id
    inner join places as earlier_places
        on places.agency_id = earlier_places.agency_id and places.report_year > earlier_places.report_year
    union all
    select
        agency_id,
        report_year,
        member_agency_id as source_agency_id,
        report_year as source_year
    from rollup_members

),

reports_looked_at as (

    select
        places.report_id,
        sources.report_id as source_report_id
    from years_looked_at
    inner join places
        on years_looked_at.agency_id = places.agency_id and years_looked_at.report_year = places.report_year
    inner join places as sources
        on years_looked_at.source_agency_id = sources.agency_id and years_looked_at.source_year = sources.report_year
    union all
    select
        report_id,
        source_report_id
    from last_build
    where source_report_id is not null

),

in_the_batch as (

    select report_id
    from changed
    union
    select reports_looked_at.report_id
    from reports_looked_at
    inner join changed on reports_looked_at.source_report_id = changed.report_id

),

final as (

    select
        in_the_batch.report_id,
        places.agency_id,
        places.report_year
    from in_the_batch
    left join places on in_the_batch.report_id = places.report_id
    group by in_the_batch.report_id, places.agency_id, places.report_year

)

select * from final
