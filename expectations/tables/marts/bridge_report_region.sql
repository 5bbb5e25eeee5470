-- A report lies in each region above its body's. It does not count in one where a consolidated report from within adds it
-- up: of a body that it answers to, or of a government over its region or one above, of which those of one region do not
-- add each other up; of a superior elsewhere, in the regions that both lie in. What several of a region, or of a line of
-- work, add up is taken back once for each beyond the first: it counts as often as the chains of ever larger sums that it
-- stands at the foot of, those of odd length taken from those of even length. A report that says nothing in table 三
-- leaves its place to its members, where all of these are held.
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
    select
        reports.*, province_code, prefecture_code, county_code, depth,
        if(sector_code = 'general_government', region_code || ' ' || report_year, report_id) as sum_of
    from intermediate.int_reports as reports
    inner join marts.dim_region using (region_code)
    inner join depths using (region_level)
    where is_consolidated and report_id not in (from mute)
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

answering as (
    select
        reports.report_id, reports.sector_code, consolidated.report_id as sum_report_id,
        consolidated.sector_code as sum_sector, sum_of,
        coalesce((
            select max(own.depth) from places as own, places as others
            where own.own = reports.region_code and others.own = consolidated.region_code
                and own.region_code = others.region_code
        ), 0) as depth,
        consolidated.depth as sum_depth
    from intermediate.int_reports as reports
    inner join (select distinct agency_id, superior_id from superiors where agency_id <> superior_id) using (agency_id)
    inner join consolidated
        on superior_id = consolidated.agency_id and reports.report_year = consolidated.report_year
),

governed as (
    select
        reports.report_id, reports.sector_code, consolidated.report_id as sum_report_id,
        consolidated.sector_code as sum_sector, sum_of, consolidated.depth
    from intermediate.int_reports as reports
    inner join places on reports.region_code = own
    inner join consolidated
        on places.region_code = consolidated.region_code and reports.report_year = consolidated.report_year
    where consolidated.sector_code = 'general_government'
        and not (reports.sector_code = 'general_government' and reports.region_code = consolidated.region_code)
),

nearest as (
    select
        report_id, max(depth) as depth, bool_or(sector_code = sum_sector) as is_same_sector,
        max(depth) filter (is_of_place) > min(depth) filter (not is_of_place) as is_apart
    from (
        select
            report_id, sector_code, sum_sector, depth,
            -- a government over the place is among the governed's
            case when sum_sector = 'general_government' and depth = sum_depth then null else false end as is_of_place
        from answering
        union all
        select report_id, sector_code, sum_sector, depth, true from governed
    )
    group by report_id
),

places_of_reports as (
    select
        reports.*, places.region_code as region_within, places.depth,
        places.depth > coalesce(nearest.depth, 0) and report_id not in (from mute) as is_there,
        not coalesce(is_same_sector, false) and report_id not in (from mute) as is_in_sum_of_sector
    from intermediate.int_reports as reports
    inner join places on reports.region_code = own
    left join nearest using (report_id)
),

named as (
    select
        reports.report_id, reports.sector_code, consolidated.report_id as sum_report_id,
        consolidated.sector_code as sum_sector, sum_of
    from staging.stg_rollup_members as members
    inner join consolidated using (agency_id, report_year)
    inner join intermediate.int_reports as reports
        on members.member_agency_id = reports.agency_id and members.report_year = reports.report_year
    where consolidated.sector_code <> 'general_government'
),

shared as (
    from (
        select report_id from named
        union
        select report_id from nearest where is_apart
    )
    where report_id not in (from mute)
),

-- which sum holds which report, whatever stands between them
asked as (select report_id from shared union select report_id from consolidated),

held_by as (
    select report_id, sector_code, sum_report_id, sum_sector, sum_of from named
    union
    select report_id, sector_code, sum_report_id, sum_sector, sum_of from answering semi join asked using (report_id)
    union
    select report_id, sector_code, sum_report_id, sum_sector, sum_of from governed semi join asked using (report_id)
),

held as (
    select report_id, sector_code, sum_report_id, sum_sector, sum_of from held_by
    union
    select held.report_id, held.sector_code, above.sum_report_id, above.sum_sector, above.sum_of
    from held
    inner join held_by as above on held.sum_report_id = above.report_id
    where held.report_id <> above.sum_report_id
),

-- the places in which a sum is: regions, and its line of work
sums_there as (
    select distinct sum_of, region_within as place
    from consolidated inner join places_of_reports using (report_id)
),

steps as (
    select distinct held.report_id, held.sum_of, place
    from held inner join sums_there on held.sum_of = sums_there.sum_of
    union
    select report_id, sum_of, 'line of work' from held where sector_code = sum_sector
),

-- the governments of a region are one sum, which is in another where all of them are
steps_of_sums as (
    select consolidated.sum_of as foot, steps.sum_of, place
    from steps
    inner join consolidated using (report_id)
    inner join (select sum_of, count(*) as reports from consolidated group by sum_of) as sizes
        on consolidated.sum_of = sizes.sum_of
    where consolidated.sum_of <> steps.sum_of
    group by all
    having count(*) = any_value(sizes.reports)
),

chains as (
    select report_id, sum_of, place, 1 as length
    from (select distinct report_id, sum_of, place from steps semi join shared using (report_id))
    union all
    select chains.report_id, above.sum_of, chains.place, length + 1
    from chains
    inner join steps_of_sums as above
        on chains.sum_of = above.foot and chains.place = above.place
    where length < 10
),

times as (
    select report_id, place, sum(if(length % 2 = 0, 1, -1)) as times from chains group by all
)

select
    report_id, agency_id, report_year, region_within as region_code, depths.region_level,
    case
        when not is_consolidated then 'member'
        when region_within = region_code then 'whole_region'
        else 'consolidated'
    end as role,
    if(shared.report_id is null, cast(is_there as integer), 1 + coalesce(times.times, 0)) as times_counted,
    if(shared.report_id is null, cast(is_in_sum_of_sector as integer), 1 + coalesce(of_line.times, 0))
        as times_counted_in_sector
from places_of_reports
inner join depths using (depth)
left join shared using (report_id)
left join times on places_of_reports.report_id = times.report_id and region_within = times.place
left join times as of_line on places_of_reports.report_id = of_line.report_id and of_line.place = 'line of work'
