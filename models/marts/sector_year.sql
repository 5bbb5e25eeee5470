-- A line of work (条) over all regions, from the bodies' own reports. Governments' consolidated reports are
-- a sector of their own, in which those count that no government above them adds up.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

report_regions as (

    select * from {{ ref('int_report_regions') }}

),

sums as (

    select
        agency_years.sector,
        agency_years.report_year,
        count(*) as reports_used,
        {{ basis_of_reports() }} as basis,
        {{ sums_of_measures() }}
    from agency_years
    inner join report_regions on agency_years.report_id = report_regions.report_id
    where
        report_regions.depth = 1
        and (report_regions.is_counted or not agency_years.is_consolidated)
    group by agency_years.sector, agency_years.report_year

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
