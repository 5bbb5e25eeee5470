-- The reports that may be in several sums which do not hold each other, and every report that holds them: what adds up
-- a report that adds a body up holds the body too. They are followed step by step: so many consolidated reports as
-- there are steps can stand one above the other where a body is in several sums.
{% set steps = 4 %}
with reports_added_up as (

    select * from {{ ref('int_reports_added_up') }}

),

consolidated_reports as (

    select * from {{ ref('int_consolidated_reports') }}
    where not stands_back

),

reports_standing_back as (

    select report_id
    from {{ ref('int_consolidated_reports') }}
    where stands_back

),

-- a report by itself, or as one of the governments of its region
adding_reports as (

    select
        report_id as adding,
        report_year,
        report_id,
        sector_code,
        added_up_by
    from consolidated_reports
    union all
    select
        region_code as adding,
        report_year,
        report_id,
        sector_code,
        added_up_by
    from consolidated_reports
    where sector_code = 'general_government'

),

-- named by one that is no government, or in the sum of a government and of a superior that lies beyond it
in_several_sums as (

    select
        reports_added_up.report_id,
        reports_added_up.sector_code
    from reports_added_up
    left join reports_standing_back on reports_added_up.report_id = reports_standing_back.report_id
    where reports_standing_back.report_id is null
    group by reports_added_up.report_id, reports_added_up.sector_code
    having
        max(case when reports_added_up.known_by = 'name' then 1 else 0 end) = 1
        or max(case when reports_added_up.known_by = 'region' then reports_added_up.depth end)
        > min(case when not reports_added_up.is_over_its_region then reports_added_up.depth end)

),

held_in_step_0 as (

    select
        report_id,
        sector_code,
        report_id as adding_report_id
    from in_several_sums

),

{% for step in range(1, steps + 1) %}
    -- distinct, as DuckDB would else join all governments with all reports under them first
    sums_above_{{ step }} as (

        select distinct
            held.report_id,
            held.sector_code,
            reports_added_up.adding,
            reports_added_up.report_year
        from held_in_step_{{ step - 1 }} as held
        inner join reports_added_up on held.adding_report_id = reports_added_up.report_id

    ),

    held_in_step_{{ step }} as (

        select distinct
            sums_above.report_id,
            sums_above.sector_code,
            adding_reports.report_id as adding_report_id,
            adding_reports.sector_code as adding_sector_code,
            adding_reports.added_up_by
        from sums_above_{{ step }} as sums_above
        inner join adding_reports
            on sums_above.adding = adding_reports.adding and sums_above.report_year = adding_reports.report_year
        where sums_above.report_id <> adding_reports.report_id

    ),

{% endfor %}
held as (

    {% for step in range(1, steps + 1) %}
        select * from held_in_step_{{ step }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

final as (

    select
        report_id,
        adding_report_id,
        added_up_by,
        sector_code = adding_sector_code as is_same_sector
    from held

)

select * from final
