-- A region's year over all reports from within it, nothing counted twice: where a consolidated report
-- already adds up the bodies below it, theirs are left out. `basis` says which were used.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

report_regions as (

    select * from {{ ref('int_report_regions') }}

),

sums as (

    select
        report_regions.region_code,
        agency_years.report_year,
        count(*) as reports_used,
        {{ basis_of_reports() }} as basis,
        max(
            case
                when agency_years.is_consolidated and agency_years.region_code = report_regions.region_code then 1
                else 0
            end
        ) = 1 as is_whole_region,
        {{ sums_of_measures() }}
    from agency_years
    inner join report_regions on agency_years.report_id = report_regions.report_id
    where report_regions.is_counted
    group by report_regions.region_code, agency_years.report_year

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
