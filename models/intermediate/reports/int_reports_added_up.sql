-- What adds up which report, by one rule alone: a consolidated report those of all bodies below it, and of the members
-- that it names; the governments of a region, which are one, all from it and the regions below, but not each other.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions_within as (

    select * from {{ ref('int_regions_within') }}

),

agency_ancestors as (

    select * from {{ ref('int_agency_ancestors') }}

),

member_reports as (

    select * from {{ ref('int_member_reports') }}

),

consolidated_reports as (

    select * from {{ ref('int_consolidated_reports') }}
    where not stands_back

),

-- a superior elsewhere adds a report up in the regions alone that both lie in
by_superior as (

    select
        reports.report_id,
        reports.report_year,
        reports.sector_code,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code as adding_sector_code,
        consolidated_reports.depth as adding_depth,
        max(case when adding_regions_within.region_code is null then 0 else regions_within.depth end) as depth
    from reports
    inner join agency_ancestors on reports.agency_id = agency_ancestors.agency_id
    inner join consolidated_reports
        on
            agency_ancestors.ancestor_id = consolidated_reports.agency_id
            and reports.report_year = consolidated_reports.report_year
    inner join regions_within on reports.region_code = regions_within.region_code
    left join regions_within as adding_regions_within
        on
            consolidated_reports.region_code = adding_regions_within.region_code
            and regions_within.region_within = adding_regions_within.region_within
    group by
        reports.report_id,
        reports.report_year,
        reports.sector_code,
        consolidated_reports.report_id,
        consolidated_reports.sector_code,
        consolidated_reports.depth

),

governed_regions as (

    select distinct
        region_code,
        report_year,
        depth
    from consolidated_reports
    where sector_code = 'general_government'

),

by_government as (

    select
        reports.report_id,
        reports.report_year,
        reports.sector_code,
        governed_regions.region_code as adding_region_code,
        governed_regions.depth
    from reports
    inner join regions_within on reports.region_code = regions_within.region_code
    inner join governed_regions
        on
            regions_within.region_within = governed_regions.region_code
            and reports.report_year = governed_regions.report_year
    where reports.sector_code <> 'general_government' or reports.region_code <> governed_regions.region_code

),

-- those of a government are known by their regions
by_name as (

    select
        reports.report_id,
        reports.report_year,
        reports.sector_code,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code as adding_sector_code
    from member_reports
    inner join consolidated_reports on member_reports.report_id = consolidated_reports.report_id
    inner join reports on member_reports.member_report_id = reports.report_id
    where consolidated_reports.sector_code <> 'general_government'

),

final as (

    select
        report_id,
        report_year,
        sector_code,
        'superior' as known_by,
        adding_report_id as adding,
        adding_sector_code,
        depth,
        adding_sector_code = 'general_government' and depth = adding_depth as is_over_its_region
    from by_superior
    union all
    select
        report_id,
        report_year,
        sector_code,
        'region' as known_by,
        adding_region_code as adding,
        'general_government' as adding_sector_code,
        depth,
        true as is_over_its_region
    from by_government
    union all
    select
        report_id,
        report_year,
        sector_code,
        'name' as known_by,
        adding_report_id as adding,
        adding_sector_code,
        cast(null as integer) as depth,
        false as is_over_its_region
    from by_name

)

select * from final
