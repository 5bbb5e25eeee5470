-- Every revision of every report: its body and form, what was published when and where, and whether it is current.
with reports as (

    select * from {{ ref('stg_reports') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

current_reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        reports.*,
        agencies.region_code,
        agencies.sector_code,
        agencies.is_consolidated,
        current_reports.report_id is not null as is_current
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    left join current_reports on reports.report_id = current_reports.report_id

)

select * from final
