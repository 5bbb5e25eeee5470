-- The current revision of every report: its body and year, its form, and where the body stands.
with reports as (

    select * from {{ ref('stg_reports') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.layout,
        agencies.region_code,
        agencies.sector_code,
        agencies.is_consolidated
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    qualify reports.revision = max(reports.revision) over (partition by reports.agency_id, reports.report_year)

)

select * from final
