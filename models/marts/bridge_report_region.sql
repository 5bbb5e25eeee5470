-- Every report under each region that it lies in, whether it counts in that region's sum, and as what. It does not
-- count where a consolidated report from within the region adds it up: that of an agency that it answers to, or a
-- government's over its region and the regions below. Two governments of one region do not add up each other.
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

-- the nearest one that adds a report up
added_up as (

    select
        report_id,
        max(depth) as depth,
        max(case when is_same_sector then 1 else 0 end) = 1 as is_same_sector
    from covered
    group by report_id

),

-- depth 1 is the province, 4 the township
report_regions as (

    {% for level in ['province', 'prefecture', 'county', 'township'] %}
        select
            reports.*,
            regions.{{ 'region' if level == 'township' else level }}_code as region_within,
            '{{ level }}' as region_level,
            {{ loop.index }} as depth
        from reports
        inner join regions on reports.region_code = regions.region_code
        where
            {% if level == 'township' %}
                regions.region_level = 'township'
            {% else %}
                regions.{{ level }}_code is not null
            {% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        report_regions.report_id,
        report_regions.agency_id,
        report_regions.report_year,
        report_regions.region_within as region_code,
        report_regions.region_level,
        case
            when report_regions.is_consolidated and report_regions.region_code = report_regions.region_within
                then 'whole_region'
            when report_regions.is_consolidated then 'consolidated'
            else 'member'
        end as role,
        report_regions.depth > coalesce(added_up.depth, 0) as is_counted,
        not coalesce(added_up.is_same_sector, false) as is_counted_in_sector
    from report_regions
    left join added_up on report_regions.report_id = added_up.report_id

)

select * from final
