-- The years whose sums over all reports this build makes anew: those of the reports touched, where they stand now and
-- where they stood.
with touched_reports as (

    select * from {{ ref('int_touched_reports') }}

),

years as (

    {% for year in ['report_year', 'report_year_before'] %}
        select
            {{ year }} as report_year,
            has_new_cells,
            has_new_checks
        from touched_reports
        where {{ year }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        report_year,
        max(case when has_new_cells then 1 else 0 end) = 1 as has_new_cells,
        max(case when has_new_checks then 1 else 0 end) = 1 as has_new_checks
    from years
    group by report_year

)

select * from final
