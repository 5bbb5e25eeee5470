-- Every report under each region that it lies in, and whether it counts there, lists of members aside: not where it
-- stands back or the nearest report that adds it up lies within the region, and in its line of work not where one of
-- that line adds it up.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions_within as (

    select * from {{ ref('int_regions_within') }}

),

reports_added_up as (

    select * from {{ ref('int_reports_added_up') }}

),

reports_standing_back as (

    select report_id
    from {{ ref('int_consolidated_reports') }}
    where stands_back

),

nearest as (

    select
        report_id,
        max(depth) as depth,
        max(case when sector_code = adding_sector_code then 1 else 0 end) = 1 as is_same_sector
    from reports_added_up
    where known_by <> 'name'
    group by report_id

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        regions_within.region_within,
        regions_within.region_level,
        case
            when not reports.is_consolidated then 'member'
            when reports.region_code = regions_within.region_within then 'whole_region'
            else 'consolidated'
        end as role,
        regions_within.depth > coalesce(nearest.depth, 0) and reports_standing_back.report_id is null as is_counted,
        not coalesce(nearest.is_same_sector, false) and reports_standing_back.report_id is null as is_counted_in_sector
    from reports
    inner join regions_within on reports.region_code = regions_within.region_code
    left join nearest on reports.report_id = nearest.report_id
    left join reports_standing_back on reports.report_id = reports_standing_back.report_id

)

select * from final
