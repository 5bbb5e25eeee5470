-- A line of work (条) over all regions, nothing counted twice: a report that a consolidated one of the same line of
-- work already adds up is left out, so that governments nested in each other, or a bureau and its own offices, count
-- once; and what two of them add up is taken back once.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

sectors as (

    select * from {{ ref('sectors') }}

),

report_regions as (

    select * from {{ ref('bridge_report_region') }}

),

times_in_sector as (

    select distinct
        report_id,
        times_counted_in_sector
    from report_regions

),

-- a body that lies in no region has its line of work all the same
reports_counted as (

    select
        agency_years.*,
        coalesce(times_in_sector.times_counted_in_sector, 1) as times_counted
    from agency_years
    left join times_in_sector on agency_years.report_id = times_in_sector.report_id

),

sums as (

    select
        reports_counted.sector,
        reports_counted.report_year,
        sectors.label_zh as sector_zh,
        sectors.label_en as sector_en,
        count(case when reports_counted.times_counted > 0 then 1 end) as reports_used,
        {{ basis_of_reports('reports_counted.times_counted > 0') }} as basis,
        min(reports_counted.times_counted) < 0 as has_overlaps,
        {{ sums_of_measures('reports_counted.times_counted') }}
    from reports_counted
    inner join sectors on reports_counted.sector = sectors.sector_code
    where reports_counted.times_counted <> 0
    group by reports_counted.sector, reports_counted.report_year, sectors.label_zh, sectors.label_en

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
