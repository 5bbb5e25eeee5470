-- The revisions that each current report took the place of.
with all_revisions as (

    select * from {{ ref('stg_reports') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        reports.report_id,
        reports.report_year,
        all_revisions.report_id as earlier_report_id
    from reports
    inner join all_revisions
        on
            reports.agency_id = all_revisions.agency_id
            and reports.report_year = all_revisions.report_year
            and reports.report_id <> all_revisions.report_id

)

select * from final
