-- A report lies in each region above its body's. It does not count in one where a consolidated report from within adds it
-- up: of a body that it answers to, or of a government over its region or one above, of which those of one region do not
-- add each other up. What several of a region add up is taken back once for each beyond the first: the members that a
-- bureau's report names, and a government's by where they lie. A report that says nothing in table 三 leaves its place to
-- its members, where all of these are held.
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

mute as (
    from (select report_id from intermediate.int_check_sources where scope = 'members' group by report_id)
    anti join (
        from intermediate.int_request_rows
        where coalesce(
            natural_person, commercial_enterprise, research_institution, public_welfare_organization,
            legal_service_organization, other_organization, total
        ) is not null
    ) using (report_id)
),

consolidated as (
    select reports.*, depth
    from intermediate.int_reports as reports
    inner join marts.dim_region using (region_code)
    inner join depths using (region_level)
    where is_consolidated and report_id not in (from mute)
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
),

places_of_reports as (
    select
        reports.*, places.region_code as region_within, places.depth,
        places.depth > coalesce(nearest.depth, 0) and report_id not in (from mute) as is_there,
        coalesce(is_same_sector, false) or report_id in (from mute) as is_in_sum_of_sector
    from intermediate.int_reports as reports
    inner join places on reports.region_code = own
    left join nearest using (report_id)
),

named as (
    select
        reports.report_id, consolidated.report_id as naming_report_id,
        reports.sector_code = consolidated.sector_code as is_same_sector
    from staging.stg_rollup_members as members
    inner join consolidated using (agency_id, report_year)
    inner join intermediate.int_reports as reports
        on members.member_agency_id = reports.agency_id and members.report_year = reports.report_year
    where consolidated.sector_code <> 'general_government'
),

sums_with_member as (
    select report_id, naming_report_id as sum_report_id, naming_report_id as sum_of from named
    union
    select named.report_id, consolidated.report_id, consolidated.region_code
    from named
    inner join places_of_reports using (report_id)
    inner join consolidated
        on region_within = consolidated.region_code and places_of_reports.report_year = consolidated.report_year
    where consolidated.sector_code = 'general_government'
        and not (
            places_of_reports.sector_code = 'general_government'
            and places_of_reports.region_code = consolidated.region_code
        )
),

times as (
    select sums_with_member.report_id, region_within, count(distinct sum_of) as times
    from sums_with_member
    inner join places_of_reports on sum_report_id = places_of_reports.report_id
    where is_there
    group by all
)

select
    report_id, agency_id, report_year, region_within as region_code, depths.region_level,
    case
        when not is_consolidated then 'member'
        when region_within = region_code then 'whole_region'
        else 'consolidated'
    end as role,
    coalesce(1 - times, cast(is_there as integer)) as times_counted,
    not (is_in_sum_of_sector or report_id in (select report_id from named where is_same_sector)) as is_counted_in_sector
from places_of_reports
inner join depths using (depth)
left join times using (report_id, region_within)
