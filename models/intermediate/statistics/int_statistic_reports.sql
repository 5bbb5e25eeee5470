-- Every edition of every report in a form before 2019, and whether it is the current one: the one published last.
with reports as (

    select * from {{ ref('stg_statistic_reports') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.agency_name,
        reports.report_year,
        reports.layout,
        reports.revision,
        row_number() over (
            partition by reports.agency_id, reports.report_year
            order by reports.published_at desc nulls last, reports.revision desc
        ) = 1 as is_current,
        agencies.is_consolidated,
        reports.title,
        reports.published_on,
        reports.source_url,
        reports.source_document,
        reports.source_sha256,
        reports.landed_on
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id

)

select * from final
