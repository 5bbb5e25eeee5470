-- Every revision of every report: what was published when and where, and how it was read.
with report_revisions as (

    select * from {{ ref('int_report_revisions') }}

),

reports as (

    select * from {{ ref('stg_reports') }}

),

report_evidence as (

    select * from {{ ref('report_evidence') }}

),

final as (

    select
        report_revisions.report_id,
        report_revisions.agency_id,
        reports.agency_name,
        report_revisions.report_year,
        report_revisions.layout,
        report_revisions.revision,
        report_revisions.is_current,
        report_revisions.is_consolidated,
        reports.title,
        reports.published_on,
        reports.source_url,
        reports.source_document,
        reports.source_sha256,
        report_evidence.evidence,
        reports.landed_on
    from report_revisions
    inner join reports on report_revisions.report_id = reports.report_id
    left join report_evidence on report_revisions.report_id = report_evidence.report_id

)

select * from final
