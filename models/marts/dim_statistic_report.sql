-- Every edition of the reports for years before 2019. They are in no other dimension, so that no count or series of the
-- form since 2019 takes them in unasked.
with reports as (

    select * from {{ ref('int_statistic_reports') }}

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
        reports.is_current,
        reports.is_consolidated,
        reports.title,
        reports.published_on,
        reports.source_url,
        reports.source_document,
        reports.source_sha256,
        report_evidence.evidence,
        reports.landed_on
    from reports
    left join report_evidence on reports.report_id = report_evidence.report_id

)

select * from final
