-- Every revision of every report: what was published when and where, and how it was read.
with reports as (

    select * from {{ ref('stg_reports') }}

),

current_reports as (

    select * from {{ ref('int_reports') }}

),

agencies as (

    select * from {{ ref('agencies') }}

),

report_evidence as (

    select * from {{ ref('report_evidence') }}

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.agency_name,
        reports.report_year,
        reports.layout,
        reports.revision,
        current_reports.report_id is not null as is_current,
        agencies.is_consolidated,
        reports.title,
        reports.published_on,
        reports.source_url,
        reports.source_document,
        reports.source_sha256,
        report_evidence.evidence,
        reports.landed_on
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    left join current_reports on reports.report_id = current_reports.report_id
    left join report_evidence on reports.report_id = report_evidence.report_id

)

select * from final
