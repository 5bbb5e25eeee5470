{{ by_changed_year() }}

-- What other models know a report by: its body and year, its form, where the body stands, and whether it is current.
with reports as (

    select * from {{ rows_of_changed_years(ref('stg_reports')) }}

),

editions as (

    select * from {{ rows_of_changed_years(ref('int_current_editions')) }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.revision,
        reports.layout,
        agencies.region_code,
        agencies.sector_code,
        agencies.is_consolidated,
        reports.report_id = editions.current_report_id as is_current
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    inner join editions on reports.report_id = editions.report_id

)

select * from final
