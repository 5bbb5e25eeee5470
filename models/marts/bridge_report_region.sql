-- Every report under each region that it lies in, how often it counts in that region's sum, and as what. It does not
-- count where a consolidated report from within the region adds it up: that of an agency that it answers to, or a
-- government's over its region and the regions below. Two governments of one region do not add up each other. A body
-- that several reports of a region add up is taken back as often as it is there too much. A consolidated report without
-- a number in table 三 stands back for its members, where all of them are held.
with reports as (

    select * from {{ ref('int_reports') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

member_reports as (

    select * from {{ ref('int_member_reports') }}

),

regions as (

    select * from {{ ref('int_regions') }}

),

agency_ancestors as (

    select * from {{ ref('int_agency_ancestors') }}

),

whole_sets as (

    select distinct report_id
    from check_sources
    where scope = 'members'

),

reports_with_numbers as (

    select distinct report_id
    from request_rows
    where
        {{ is_among('report_id', 'whole_sets', 'report_id') }}
        and coalesce({{ applicant_columns() | join(', ') }}) is not null

),

reports_standing_back as (

    select whole_sets.report_id
    from whole_sets
    left join reports_with_numbers on whole_sets.report_id = reports_with_numbers.report_id
    where reports_with_numbers.report_id is null

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
    left join reports_standing_back on reports.report_id = reports_standing_back.report_id
    where reports.is_consolidated and reports_standing_back.report_id is null

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

reports_in_regions as (

    select
        report_regions.*,
        report_regions.depth > coalesce(added_up.depth, 0) and reports_standing_back.report_id is null as is_counted,
        coalesce(added_up.is_same_sector, false) or reports_standing_back.report_id is not null as is_added_up_in_sector
    from report_regions
    left join added_up on report_regions.report_id = added_up.report_id
    left join reports_standing_back on report_regions.report_id = reports_standing_back.report_id

),

-- members of others than the governments of the regions that they lie in
members_named as (

    select
        reports.report_id,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.sector_code = reports.sector_code as is_same_sector
    from member_reports
    inner join consolidated_reports on member_reports.report_id = consolidated_reports.report_id
    inner join reports on member_reports.member_report_id = reports.report_id
    where consolidated_reports.sector_code <> 'general_government'

),

-- whoever adds them up, a region's governments as one
members_added_up as (

    select
        report_id,
        adding_report_id,
        adding_report_id as added_up_by
    from members_named
    union
    select
        members_named.report_id,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.region_code as added_up_by
    from members_named
    inner join report_regions on members_named.report_id = report_regions.report_id
    inner join consolidated_reports
        on
            report_regions.region_within = consolidated_reports.region_code
            and report_regions.report_year = consolidated_reports.report_year
    where
        consolidated_reports.sector_code = 'general_government'
        and (
            report_regions.sector_code <> 'general_government'
            or report_regions.region_code <> consolidated_reports.region_code
        )

),

times_added_up as (

    select
        members_added_up.report_id,
        adding.region_within,
        count(distinct members_added_up.added_up_by) as times
    from members_added_up
    inner join reports_in_regions as adding on members_added_up.adding_report_id = adding.report_id
    where adding.is_counted
    group by members_added_up.report_id, adding.region_within

),

members_in_sector as (

    select distinct report_id
    from members_named
    where is_same_sector

),

final as (

    select
        reports_in_regions.report_id,
        reports_in_regions.agency_id,
        reports_in_regions.report_year,
        reports_in_regions.region_within as region_code,
        reports_in_regions.region_level,
        case
            when
                reports_in_regions.is_consolidated
                and reports_in_regions.region_code = reports_in_regions.region_within
                then 'whole_region'
            when reports_in_regions.is_consolidated then 'consolidated'
            else 'member'
        end as role,
        cast(
            case
                when times_added_up.times is not null then 1 - times_added_up.times
                when reports_in_regions.is_counted then 1
                else 0
            end as integer
        ) as times_counted,
        not reports_in_regions.is_added_up_in_sector and members_in_sector.report_id is null as is_counted_in_sector
    from reports_in_regions
    left join times_added_up
        on
            reports_in_regions.report_id = times_added_up.report_id
            and reports_in_regions.region_within = times_added_up.region_within
    left join members_in_sector on reports_in_regions.report_id = members_in_sector.report_id

)

select * from final
