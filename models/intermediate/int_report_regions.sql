-- Every report under each region that it lies in, and whether it counts in that region's sum: not where
-- a consolidated report from within the region already adds it up.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions as (

    select * from {{ ref('int_regions') }}

),

added_up as (

    select * from {{ ref('int_reports_added_up') }}

),

-- depth 1 is the province, 4 the township
report_regions as (

    {% for level in ['province', 'prefecture', 'county', 'township'] %}
        select
            reports.report_id,
            reports.report_year,
            regions.{{ 'region' if level == 'township' else level }}_code as region_code,
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
        report_regions.report_year,
        report_regions.region_code,
        report_regions.depth,
        report_regions.depth > coalesce(added_up.depth, 0) as is_counted
    from report_regions
    left join added_up on report_regions.report_id = added_up.report_id

)

select * from final
