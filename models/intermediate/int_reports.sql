-- The current revision of every report, with what the agencies seed knows of its body.
with reports as (

    select * from {{ ref('stg_reports') }}

),

agencies as (

    select * from {{ ref('agencies') }}

),

current_revisions as (

    select *
    from reports
    qualify row_number() over (partition by agency_id, report_year order by revision desc) = 1

),

final as (

    select
        current_revisions.report_id,
        current_revisions.agency_id,
        current_revisions.report_year,
        current_revisions.layout,
        agencies.region_code,
        agencies.sector_code,
        agencies.is_consolidated
    from current_revisions
    inner join agencies on current_revisions.agency_id = agencies.agency_id

)

select * from final
