-- Which consolidated reports add up a report: those of the bodies it answers to, and those of the governments of
-- its region and of the regions above. Two governments of one region do not add up each other.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions as (

    select * from {{ ref('int_regions') }}

),

agency_ancestors as (

    select * from {{ ref('int_agency_ancestors') }}

),

consolidated_reports as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.region_code,
        reports.sector_code,
        case regions.region_level
            when 'province' then 1
            when 'prefecture' then 2
            when 'county' then 3
            else 4
        end as depth
    from reports
    inner join regions on reports.region_code = regions.region_code
    where reports.is_consolidated

),

by_superior as (

    select
        reports.report_id,
        consolidated_reports.report_id as covering_report_id,
        consolidated_reports.depth,
        reports.sector_code = consolidated_reports.sector_code as is_same_sector
    from reports
    inner join agency_ancestors on reports.agency_id = agency_ancestors.agency_id
    inner join consolidated_reports
        on
            agency_ancestors.ancestor_id = consolidated_reports.agency_id
            and reports.report_year = consolidated_reports.report_year

),

regions_of_reports as (

    {% for level in ['province', 'prefecture', 'county', 'region'] %}
        select
            reports.report_id,
            reports.report_year,
            reports.sector_code,
            reports.region_code as own_region_code,
            regions.{{ level }}_code as region_code
        from reports
        inner join regions on reports.region_code = regions.region_code
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

by_government as (

    select
        regions_of_reports.report_id,
        consolidated_reports.report_id as covering_report_id,
        consolidated_reports.depth,
        regions_of_reports.sector_code = consolidated_reports.sector_code as is_same_sector
    from regions_of_reports
    inner join consolidated_reports
        on
            regions_of_reports.region_code = consolidated_reports.region_code
            and regions_of_reports.report_year = consolidated_reports.report_year
    where
        consolidated_reports.sector_code = 'general_government'
        and regions_of_reports.report_id <> consolidated_reports.report_id
        and (
            regions_of_reports.sector_code <> 'general_government'
            or regions_of_reports.own_region_code <> consolidated_reports.region_code
        )

),

final as (

    select * from by_superior
    union
    select * from by_government

)

select * from final
