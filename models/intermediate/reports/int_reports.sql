-- The current edition of every report: its body and year, its form, and where the body stands.
with reports as (

    select * from {{ ref('stg_reports') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

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
    inner join editions on reports.report_id = editions.current_report_id and reports.report_id = editions.report_id
    inner join agencies on reports.agency_id = agencies.agency_id

)

select * from final
