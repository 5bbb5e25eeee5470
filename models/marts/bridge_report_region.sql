-- Every report under each region that it lies in, how often it counts in that region's sum, and as what. It does not
-- count where a consolidated report from within the region adds it up: that of an agency that it answers to, or a
-- government's over its region and the regions below. Two governments of one region do not add up each other. A body
-- that several reports of a region, or of a line of work, add up is taken back as often as it is there too much: it
-- counts once less than all that hold it count together. A consolidated report without a number in table 三 stands back
-- for its members, where all of them are held.
{#- so many consolidated reports can stand one above the other where a body is in several sums -#}
{% set levels = 4 %}
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
        reports.sector_code,
        regions.region_code,
        regions.province_code,
        regions.prefecture_code,
        regions.county_code,
        case regions.region_level
            when 'province' then 1
            when 'prefecture' then 2
            when 'county' then 3
            else 4
        end as depth,
        -- whoever adds up a region: its governments are one
        case when reports.sector_code = 'general_government' then reports.region_code else reports.report_id end
            as added_up_by
    from reports
    inner join regions on reports.region_code = regions.region_code
    left join reports_standing_back on reports.report_id = reports_standing_back.report_id
    where reports.is_consolidated and reports_standing_back.report_id is null

),

-- a superior elsewhere adds a report up in the regions alone that both lie in
by_superior as (

    select
        reports.report_id,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.added_up_by,
        reports.sector_code,
        consolidated_reports.sector_code as adding_sector_code,
        consolidated_reports.depth as adding_depth,
        case
            when regions.region_code = consolidated_reports.region_code then consolidated_reports.depth
            when regions.county_code = consolidated_reports.county_code then 3
            when regions.prefecture_code = consolidated_reports.prefecture_code then 2
            when regions.province_code = consolidated_reports.province_code then 1
            else 0
        end as depth
    from reports
    inner join regions on reports.region_code = regions.region_code
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

    select
        report_id,
        depth,
        sector_code = adding_sector_code as is_same_sector,
        -- a government over the report's region is there as such
        case when adding_sector_code <> 'general_government' or depth < adding_depth then depth end as superior_depth,
        cast(null as integer) as government_depth
    from by_superior
    union all
    select
        report_id,
        depth,
        is_same_sector,
        cast(null as integer) as superior_depth,
        depth as government_depth
    from by_government

),

-- the nearest one that adds a report up
added_up as (

    select
        report_id,
        max(depth) as depth,
        max(case when is_same_sector then 1 else 0 end) = 1 as is_same_sector,
        -- a government that does not add up a superior: each adds the report up
        coalesce(max(government_depth) > min(superior_depth), false) as is_added_up_apart
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
        not coalesce(added_up.is_same_sector, false) and reports_standing_back.report_id is null as is_counted_in_sector
    from report_regions
    left join added_up on report_regions.report_id = added_up.report_id
    left join reports_standing_back on report_regions.report_id = reports_standing_back.report_id

),

-- members of others than the governments of the regions that they lie in
members_named as (

    select
        reports.report_id,
        consolidated_reports.report_id as adding_report_id,
        consolidated_reports.added_up_by,
        reports.sector_code,
        consolidated_reports.sector_code as adding_sector_code
    from member_reports
    inner join consolidated_reports on member_reports.report_id = consolidated_reports.report_id
    inner join reports on member_reports.member_report_id = reports.report_id
    where consolidated_reports.sector_code <> 'general_government'

),

-- those that may be in several sums which do not hold each other
shared_reports as (

    select members_named.report_id
    from members_named
    left join reports_standing_back on members_named.report_id = reports_standing_back.report_id
    where reports_standing_back.report_id is null
    union
    select added_up.report_id
    from added_up
    left join reports_standing_back on added_up.report_id = reports_standing_back.report_id
    where added_up.is_added_up_apart and reports_standing_back.report_id is null

),

-- Who adds them up, step by step: what adds up a report that adds a body up holds the body too. Only the reports that
-- a step has reached are looked for in the next.
reached_1 as (

    select report_id from shared_reports

),

{% for step in range(1, levels + 1) %}
    -- grouped, as DuckDB would else look for them among the pairs of all reports and their governments
    regions_reached_{{ step }} as (

        select
            report_id,
            report_year,
            region_within,
            region_code,
            sector_code
        from report_regions
        where {{ is_among('report_id', 'reached_' ~ step, 'report_id') }}
        group by report_id, report_year, region_within, region_code, sector_code

    ),

    added_up_in_step_{{ step }} as (

        select * from members_named
        where {{ is_among('report_id', 'reached_' ~ step, 'report_id') }}
        union
        select
            report_id,
            adding_report_id,
            added_up_by,
            sector_code,
            adding_sector_code
        from by_superior
        where {{ is_among('report_id', 'reached_' ~ step, 'report_id') }}
        union
        select
            regions_reached.report_id,
            consolidated_reports.report_id as adding_report_id,
            consolidated_reports.added_up_by,
            regions_reached.sector_code,
            consolidated_reports.sector_code as adding_sector_code
        from regions_reached_{{ step }} as regions_reached
        inner join consolidated_reports
            on
                regions_reached.region_within = consolidated_reports.region_code
                and regions_reached.report_year = consolidated_reports.report_year
        where
            consolidated_reports.sector_code = 'general_government'
            and (
                regions_reached.sector_code <> 'general_government'
                or regions_reached.region_code <> consolidated_reports.region_code
            )

    ),

    adders_{{ step }} as (

        {% if loop.first %}
            select * from added_up_in_step_1
        {% else %}
            select * from adders_{{ step - 1 }}
            union
            select
                adders.report_id,
                above.adding_report_id,
                above.added_up_by,
                adders.sector_code,
                above.adding_sector_code
            from adders_{{ step - 1 }} as adders
            inner join added_up_in_step_{{ step }} as above on adders.adding_report_id = above.report_id
            where adders.report_id <> above.adding_report_id
        {% endif %}

    ),

    reached_{{ step + 1 }} as (

        select distinct adding_report_id as report_id
        from added_up_in_step_{{ step }}

    ),

{% endfor %}
reports_asked as (

    select report_id
    from shared_reports
    union
    select adding_report_id as report_id
    from adders_{{ levels }}

),

-- a line of work is a place beside the regions
places_asked as (

    select
        reports_in_regions.report_id,
        reports_in_regions.region_within as place,
        case when reports_in_regions.is_counted then 1 else 0 end as times
    from reports_in_regions
    inner join reports_asked on reports_in_regions.report_id = reports_asked.report_id
    union
    select
        reports_in_regions.report_id,
        'sector' as place,
        case when reports_in_regions.is_counted_in_sector then 1 else 0 end as times
    from reports_in_regions
    inner join reports_asked on reports_in_regions.report_id = reports_asked.report_id

),

times_0 as (

    select * from places_asked

),

-- a shared report counts once less than all that hold it, and those first that are nearest to the top
{% for level in range(1, levels + 1) %}
    sums_{{ level }} as (

        select
            adders.report_id,
            times.place,
            adders.added_up_by,
            max(times.times) as times
        from adders_{{ levels }} as adders
        inner join times_{{ level - 1 }} as times on adders.adding_report_id = times.report_id
        where times.place <> 'sector' or adders.sector_code = adders.adding_sector_code
        group by adders.report_id, times.place, adders.added_up_by

    ),

    times_held_{{ level }} as (

        select
            report_id,
            place,
            sum(times) as times
        from sums_{{ level }}
        group by report_id, place

    ),

    times_{{ level }} as (

        select
            places_asked.report_id,
            places_asked.place,
            case
                when shared_reports.report_id is null then places_asked.times
                else 1 - coalesce(times_held.times, 0)
            end as times
        from places_asked
        left join shared_reports on places_asked.report_id = shared_reports.report_id
        left join times_held_{{ level }} as times_held
            on places_asked.report_id = times_held.report_id and places_asked.place = times_held.place

    ),

{% endfor %}
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
            coalesce(times.times, case when reports_in_regions.is_counted then 1 else 0 end) as integer
        ) as times_counted,
        cast(
            coalesce(times_in_sector.times, case when reports_in_regions.is_counted_in_sector then 1 else 0 end)
            as integer
        ) as times_counted_in_sector
    from reports_in_regions
    left join times_{{ levels }} as times
        on reports_in_regions.report_id = times.report_id and reports_in_regions.region_within = times.place
    left join times_{{ levels }} as times_in_sector
        on reports_in_regions.report_id = times_in_sector.report_id and times_in_sector.place = 'sector'

)

select * from final
