-- The current edition of the report that each edition is one of: the one published last, of those published at once
-- the one landed last, but one that was read from a scan after the others. An edition without a time of publication
-- takes the place of none that has one.
with reports as (

    select * from {{ ref('stg_reports') }}

),

report_evidence as (

    select * from {{ ref('report_evidence') }}

),

editions as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.layout,
        reports.published_at,
        reports.revision,
        case when report_evidence.evidence = 'ocr' then 1 else 0 end as scans
    from reports
    left join report_evidence on reports.report_id = report_evidence.report_id

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        first_value(report_id) over (
            partition by agency_id, report_year
            order by published_at desc nulls last, scans asc, revision desc
        ) as current_report_id
    from editions

)

select * from final
