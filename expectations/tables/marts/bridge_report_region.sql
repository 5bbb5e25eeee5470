-- A report lies in each region above its body's. It does not count in one where a consolidated report from within adds it
-- up: of a body that it answers to, or of a government over its region or one above, of which those of one region do not
-- add each other up.
{% set key = ['report_id', 'region_code', 'region_level'] %}
{% set title_zh = '每份报告计入哪些地区' %}
{% set title_en = 'A report counts in the regions that it lies in, unless another adds it up there' %}
with recursive superiors as (
    select agency_id, parent_agency_id as superior_id, 1 as steps
    from staging.stg_agencies
    where parent_agency_id is not null
    union all
    select superiors.agency_id, parent_agency_id, steps + 1
    from superiors inner join staging.stg_agencies as agencies on superior_id = agencies.agency_id
    where parent_agency_id is not null and steps < 10
),

depths as (
    select unnest(['province', 'prefecture', 'county', 'township']) as region_level, unnest([1, 2, 3, 4]) as depth
),

consolidated as (
    select reports.*, depth
    from intermediate.int_reports as reports
    inner join marts.dim_region using (region_code)
    inner join depths using (region_level)
    where is_consolidated
),

regions_around as (
    select distinct
        region_code as own, unnest([province_code, prefecture_code, county_code, region_code]) as region_code
    from marts.dim_region
),

adding_up as (
    select reports.report_id, depth, reports.sector_code = consolidated.sector_code as is_same_sector
    from intermediate.int_reports as reports
    inner join (select distinct agency_id, superior_id from superiors where agency_id <> superior_id) using (agency_id)
    inner join consolidated
        on superior_id = consolidated.agency_id and reports.report_year = consolidated.report_year
    union
    select reports.report_id, depth, reports.sector_code = 'general_government'
    from intermediate.int_reports as reports
    inner join regions_around on reports.region_code = own
    inner join consolidated
        on regions_around.region_code = consolidated.region_code and reports.report_year = consolidated.report_year
    where consolidated.sector_code = 'general_government'
        and not (reports.sector_code = 'general_government' and reports.region_code = consolidated.region_code)
),

nearest as (
    select report_id, max(depth) as depth, bool_or(is_same_sector) as is_same_sector from adding_up group by report_id
),

places as (
    select region_code as own, region_code_above as region_code, depth
    from (
        select
            region_code,
            unnest([
                province_code, prefecture_code, county_code, if(region_level = 'township', region_code, null)
            ]) as region_code_above,
            unnest([1, 2, 3, 4]) as depth
        from marts.dim_region
    )
    where region_code_above is not null
)

select
    report_id, agency_id, report_year, places.region_code, depths.region_level,
    case
        when not is_consolidated then 'member'
        when places.region_code = own then 'whole_region'
        else 'consolidated'
    end as role,
    places.depth > coalesce(nearest.depth, 0) as is_counted,
    not coalesce(is_same_sector, false) as is_counted_in_sector
from intermediate.int_reports as reports
inner join places on reports.region_code = own
inner join depths on places.depth = depths.depth
left join nearest using (report_id)
