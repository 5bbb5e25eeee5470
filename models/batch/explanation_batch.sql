-- The reports whose breaks this build explains: those of the batch, what their checks look at, now or in the last
-- build, since a break there may be a slip here, and later reports of their bodies, whose slips may be numbers kept
-- from an earlier year. And the reports that all these go on from, whose slips are weighed by the breaks beside what
-- they mend.
with report_batch as (

    select * from {{ ref('report_batch') }}

),

reports as (

    select * from {{ ref('report_fingerprints') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

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

sources as (

    select
        report_id,
        source_report_id
    from check_sources
    union
    select
        report_id,
        source_report_id
    from last_build
    where source_report_id is not null

),

reports_around as (

    select sources.source_report_id as report_id
    from report_batch
    inner join sources on report_batch.report_id = sources.report_id
    union
    select later.report_id
    from report_batch
    inner join places on report_batch.report_id = places.report_id
    inner join places as later on places.agency_id = later.agency_id and places.report_year < later.report_year

),

reports_gone_on_from as (

    select check_sources.source_report_id as report_id
    from reports_around
    inner join check_sources on reports_around.report_id = check_sources.report_id
    where check_sources.scope = 'own' and check_sources.year_offset = -1

),

final as (

    select
        report_id,
        report_year
    from report_batch
    union
    select
        places.report_id,
        places.report_year
    from places
    inner join reports_around on places.report_id = reports_around.report_id
    union
    select
        places.report_id,
        places.report_year
    from places
    inner join reports_gone_on_from on places.report_id = reports_gone_on_from.report_id

)

select * from final
