-- The reports that may be in several sums which do not hold each other, and every report that holds them: what adds up a
-- report that adds a body up holds the body too. They are followed step by step, as so many consolidated reports as there
-- are steps can stand one above the other where a body is in several sums.
{% set steps = 4 %}
with reports_added_up as (

    select * from {{ ref('int_reports_added_up') }}

),

reports_standing_back as (

    select * from {{ ref('int_reports_standing_back') }}

),

-- named by one that is no government, or in the sum of a government and of a superior that lies beyond it
in_several_sums as (

    select reports_added_up.report_id
    from reports_added_up
    left join reports_standing_back on reports_added_up.report_id = reports_standing_back.report_id
    where reports_standing_back.report_id is null
    group by reports_added_up.report_id
    having
        max(case when reports_added_up.known_by = 'name' then 1 else 0 end) = 1
        or max(case when reports_added_up.known_by = 'region' then reports_added_up.depth end)
        > min(case when not reports_added_up.is_over_its_region then reports_added_up.depth end)

),

held_in_step_1 as (

    select distinct
        reports_added_up.report_id,
        reports_added_up.sector_code,
        reports_added_up.adding_report_id,
        reports_added_up.adding_sector_code,
        reports_added_up.added_up_by
    from reports_added_up
    inner join in_several_sums on reports_added_up.report_id = in_several_sums.report_id

),

{% for step in range(2, steps + 1) %}
    held_in_step_{{ step }} as (

        select distinct
            held.report_id,
            held.sector_code,
            above.adding_report_id,
            above.adding_sector_code,
            above.added_up_by
        from held_in_step_{{ step - 1 }} as held
        inner join reports_added_up as above on held.adding_report_id = above.report_id
        where held.report_id <> above.adding_report_id

    ),

{% endfor %}
final as (

    {% for step in range(1, steps + 1) %}
        select * from held_in_step_{{ step }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}

)

select * from final
