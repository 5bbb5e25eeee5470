-- A line of work (条) over all regions. A report that a consolidated one of the same line of work already adds up
-- is left out, so that governments nested in each other, or a bureau and its own offices, count once.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

sectors as (

    select * from {{ ref('sectors') }}

),

added_up as (

    select distinct report_id
    from {{ ref('bridge_report_region') }}
    where not is_counted_in_sector

),

sums as (

    select
        agency_years.sector,
        agency_years.report_year,
        sectors.label_zh as sector_zh,
        sectors.label_en as sector_en,
        count(*) as reports_used,
        {{ basis_of_reports() }} as basis,
        {{ sums_of_measures() }}
    from agency_years
    inner join sectors on agency_years.sector = sectors.sector_code
    left join added_up on agency_years.report_id = added_up.report_id
    where added_up.report_id is null
    group by agency_years.sector, agency_years.report_year, sectors.label_zh, sectors.label_en

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
