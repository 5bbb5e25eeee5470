-- Every revision of every report: what was published when and where, and how it was read.
with report_revisions as (

    select * from {{ ref('int_report_revisions') }}

),

report_evidence as (

    select * from {{ ref('report_evidence') }}

),

final as (

    select
        report_revisions.report_id,
        report_revisions.agency_id,
        report_revisions.agency_name,
        report_revisions.report_year,
        report_revisions.layout,
        report_revisions.revision,
        report_revisions.is_current,
        report_revisions.is_consolidated,
        report_revisions.title,
        report_revisions.published_on,
        report_revisions.source_url,
        report_revisions.source_document,
        report_revisions.source_sha256,
        report_evidence.evidence,
        report_revisions.landed_on
    from report_revisions
    left join report_evidence on report_revisions.report_id = report_evidence.report_id

)

select * from final
