-- Every report under each region that it lies in, how often it counts in that region's sum, and as what. A report that
-- several of a region, or of a line of work, add up is taken back as often as it is there too much: it counts once less
-- than all that hold it count together.
{#- as many as the steps of int_reports_in_several_sums -#}
{% set levels = 4 %}
with reports_in_regions as (

    select * from {{ ref('int_reports_in_regions') }}

),

holders as (

    select * from {{ ref('int_reports_in_several_sums') }}

),

shared_reports as (

    select distinct report_id from holders

),

reports_asked as (

    select report_id
    from holders
    union
    select adding_report_id as report_id
    from holders

),

-- a line of work is a place beside the regions
places_asked as (

    select
        reports_in_regions.report_id,
        reports_in_regions.region_within as place,
        case when reports_in_regions.is_counted then 1 else 0 end as times
    from reports_in_regions
    inner join reports_asked on reports_in_regions.report_id = reports_asked.report_id
    union
    select
        reports_in_regions.report_id,
        'sector' as place,
        case when reports_in_regions.is_counted_in_sector then 1 else 0 end as times
    from reports_in_regions
    inner join reports_asked on reports_in_regions.report_id = reports_asked.report_id

),

times_0 as (

    select * from places_asked

),

-- those are settled first that are nearest to the top
{% for level in range(1, levels + 1) %}
    sums_{{ level }} as (

        select
            holders.report_id,
            times.place,
            holders.added_up_by,
            max(times.times) as times
        from holders
        inner join times_{{ level - 1 }} as times on holders.adding_report_id = times.report_id
        where times.place <> 'sector' or holders.is_same_sector
        group by holders.report_id, times.place, holders.added_up_by

    ),

    times_held_{{ level }} as (

        select
            report_id,
            place,
            sum(times) as times
        from sums_{{ level }}
        group by report_id, place

    ),

    times_{{ level }} as (

        select
            places_asked.report_id,
            places_asked.place,
            case
                when shared_reports.report_id is null then places_asked.times
                else 1 - coalesce(times_held.times, 0)
            end as times
        from places_asked
        left join shared_reports on places_asked.report_id = shared_reports.report_id
        left join times_held_{{ level }} as times_held
            on places_asked.report_id = times_held.report_id and places_asked.place = times_held.place

    ),

{% endfor %}
final as (

    select
        reports_in_regions.report_id,
        reports_in_regions.agency_id,
        reports_in_regions.report_year,
        reports_in_regions.region_within as region_code,
        reports_in_regions.region_level,
        reports_in_regions.role,
        cast(
            coalesce(times.times, case when reports_in_regions.is_counted then 1 else 0 end) as integer
        ) as times_counted,
        cast(
            coalesce(times_in_sector.times, case when reports_in_regions.is_counted_in_sector then 1 else 0 end)
            as integer
        ) as times_counted_in_sector
    from reports_in_regions
    left join times_{{ levels }} as times
        on reports_in_regions.report_id = times.report_id and reports_in_regions.region_within = times.place
    left join times_{{ levels }} as times_in_sector
        on reports_in_regions.report_id = times_in_sector.report_id and times_in_sector.place = 'sector'

)

select * from final
