-- The current edition of the report that each edition is one of: the one published last, of those published at once
-- the one landed last. An edition without a time of publication takes the place of none that has one.
with editions as (

    select * from {{ ref('stg_reports') }}

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        first_value(report_id) over (
            partition by agency_id, report_year
            order by published_at desc nulls last, revision desc
        ) as current_report_id
    from editions

)

select * from final
