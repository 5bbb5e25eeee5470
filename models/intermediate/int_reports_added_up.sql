-- The reports that a consolidated one adds up: those of the bodies that answer to it, and, where it is a government's,
-- those from its region and the regions below. Two governments of one region do not add up each other.
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
        reports.report_year,
        consolidated_reports.depth,
        reports.sector_code = consolidated_reports.sector_code as is_same_sector
    from reports
    inner join agency_ancestors on reports.agency_id = agency_ancestors.agency_id
    inner join consolidated_reports
        on
            agency_ancestors.ancestor_id = consolidated_reports.agency_id
            and reports.report_year = consolidated_reports.report_year

),

-- a region can have several, such as a county and its development zone
governments as (

    select distinct
        region_code,
        report_year,
        depth
    from consolidated_reports
    where sector_code = 'general_government'

),

by_government as (

    {% for level in ['province', 'prefecture', 'county', 'region'] %}
        select
            reports.report_id,
            reports.report_year,
            governments.depth,
            reports.sector_code = 'general_government' as is_same_sector
        from reports
        inner join regions on reports.region_code = regions.region_code
        inner join governments
            on regions.{{ level }}_code = governments.region_code and reports.report_year = governments.report_year
        where reports.sector_code <> 'general_government' or reports.region_code <> governments.region_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

covered as (

    select * from by_superior
    union all
    select * from by_government

),

final as (

    select
        report_id,
        report_year,
        max(depth) as depth,
        max(case when is_same_sector then 1 else 0 end) = 1 as is_same_sector
    from covered
    group by report_id, report_year

)

select * from final
