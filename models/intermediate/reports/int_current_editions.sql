-- The current edition of the report that each edition is one of: the one published last, of those published at once
-- the one landed last, but one that was read from a scan after the others. An edition without a time of publication
-- takes the place of none that has one, except that a scan takes the place of no text unless one of the texts is dated.
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

beside_texts as (

    select
        *,
        case
            when max(case when scans = 0 then published_at end) over (partition by agency_id, report_year) is null
                then scans
            else 0
        end as scans_beside_undated
    from editions

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        first_value(report_id) over (
            partition by agency_id, report_year
            order by scans_beside_undated asc, published_at desc nulls last, scans asc, revision desc
        ) as current_report_id
    from beside_texts

)

select * from final
