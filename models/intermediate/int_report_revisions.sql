{{ by_changed_year() }}

-- Every revision of every report, with what the agencies seed knows of its body.
with reports as (

    select * from {{ rows_of_changed_years(ref('stg_reports')) }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        reports.*,
        agencies.region_code,
        agencies.sector_code,
        agencies.is_consolidated,
        reports.revision = max(reports.revision) over (
            partition by reports.agency_id, reports.report_year
        ) as is_current
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id

)

select * from final
