-- A region's year over all reports from within it, nothing counted twice: where a consolidated report
-- already adds up the bodies below it, theirs are left out, and what two of them add up is taken back
-- once. `basis` says which were used.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

report_regions as (

    select * from {{ ref('bridge_report_region') }}

),

regions as (

    select * from {{ ref('dim_region') }}

),

sums as (

    select
        report_regions.region_code,
        agency_years.report_year,
        regions.region_name,
        regions.region_level,
        regions.province,
        count(case when report_regions.times_counted > 0 then 1 end) as reports_used,
        {{ basis_of_reports('report_regions.times_counted > 0') }} as basis,
        max(case when report_regions.role = 'whole_region' and report_regions.times_counted > 0 then 1 else 0 end) = 1
            as is_whole_region,
        min(report_regions.times_counted) < 0 as has_overlaps,
        {{ sums_of_measures('report_regions.times_counted') }}
    from agency_years
    inner join report_regions on agency_years.report_id = report_regions.report_id
    inner join regions on report_regions.region_code = regions.region_code
    where report_regions.times_counted <> 0
    group by
        report_regions.region_code,
        agency_years.report_year,
        regions.region_name,
        regions.region_level,
        regions.province

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
