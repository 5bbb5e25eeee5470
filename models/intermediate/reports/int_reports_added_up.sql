-- Which report adds up which, without another between them: a consolidated report adds up those of the bodies that answer
-- to it and the members that it names, a government's all from its region and the regions below. Two governments of one
-- region do not add up each other.
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

reports_standing_back as (

    select * from {{ ref('int_reports_standing_back') }}

),

consolidated_reports as (

    select
        reports.*,
        regions_within.depth,
        -- whoever adds up a region: its governments are one
        case when reports.sector_code = 'general_government' then reports.region_code else reports.report_id end
            as added_up_by
    from reports
    inner join regions_within
        on reports.region_code = regions_within.region_code and reports.region_code = regions_within.region_within
    left join reports_standing_back on reports.report_id = reports_standing_back.report_id
    where reports.is_consolidated and reports_standing_back.report_id is null

),

-- a superior elsewhere adds a report up in the regions alone that both lie in
by_superior as (

    select
        reports.report_id,
        reports.sector_code,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code as adding_sector_code,
        consolidated_reports.added_up_by,
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
        reports.sector_code,
        consolidated_reports.report_id,
        consolidated_reports.sector_code,
        consolidated_reports.added_up_by,
        consolidated_reports.depth

),

by_government as (

    select
        reports.report_id,
        reports.sector_code,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code as adding_sector_code,
        consolidated_reports.added_up_by,
        consolidated_reports.depth
    from reports
    inner join regions_within on reports.region_code = regions_within.region_code
    inner join consolidated_reports
        on
            regions_within.region_within = consolidated_reports.region_code
            and reports.report_year = consolidated_reports.report_year
    where
        consolidated_reports.sector_code = 'general_government'
        and (
            reports.sector_code <> 'general_government'
            or reports.region_code <> consolidated_reports.region_code
        )

),

final as (

    select
        report_id,
        sector_code,
        adding_report_id,
        adding_sector_code,
        added_up_by,
        'superior' as known_by,
        depth,
        adding_sector_code = 'general_government' and depth = adding_depth as is_over_its_region
    from by_superior
    union all
    select
        report_id,
        sector_code,
        adding_report_id,
        adding_sector_code,
        added_up_by,
        'region' as known_by,
        depth,
        true as is_over_its_region
    from by_government
    union all
    -- those of a government are known by their regions
    select
        reports.report_id,
        reports.sector_code,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code as adding_sector_code,
        consolidated_reports.added_up_by,
        'name' as known_by,
        cast(null as integer) as depth,
        false as is_over_its_region
    from member_reports
    inner join consolidated_reports on member_reports.report_id = consolidated_reports.report_id
    inner join reports on member_reports.member_report_id = reports.report_id
    where consolidated_reports.sector_code <> 'general_government'

)

select * from final
