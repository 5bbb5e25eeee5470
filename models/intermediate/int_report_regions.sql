-- Every report under each region that it lies in, and whether it counts in that region's sum: not where
-- a consolidated report from within the region already adds it up.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions as (

    select * from {{ ref('int_regions') }}

),

-- depth 1 is the province, 4 the township
report_regions as (

    {% for level in ['province', 'prefecture', 'county', 'township'] %}
        select
            reports.report_id,
            reports.report_year,
            reports.is_consolidated,
            regions.{{ 'region' if level == 'township' else level }}_code as region_code,
            regions.region_code as own_region_code,
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

consolidated_reports as (

    select * from reports
    where is_consolidated

),

-- a body's report is added up by its own region's consolidated report and by those of the regions above;
-- a consolidated report only by those of the regions above its own
added_up as (

    select
        report_regions.report_id,
        max(report_regions.depth) as depth
    from report_regions
    inner join consolidated_reports
        on
            report_regions.report_year = consolidated_reports.report_year
            and report_regions.region_code = consolidated_reports.region_code
    where not report_regions.is_consolidated or report_regions.region_code <> report_regions.own_region_code
    group by report_regions.report_id

),

final as (

    select
        report_regions.report_id,
        report_regions.region_code,
        report_regions.depth,
        report_regions.depth > coalesce(added_up.depth, 0) as is_counted
    from report_regions
    left join added_up on report_regions.report_id = added_up.report_id

)

select * from final
