{{ by_changed_year() }}

-- The current revision of every report.
with report_revisions as (

    select * from {{ rows_of_changed_years(ref('int_report_revisions')) }}

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        region_code,
        sector_code,
        is_consolidated
    from report_revisions
    where is_current

)

select * from final
