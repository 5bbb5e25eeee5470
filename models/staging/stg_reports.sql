with raw_reports as (

    select * from {{ ref('raw_reports') }}

),

final as (

    select
        report_id,
        agency_id,
        agency_name,
        cast(report_year as integer) as report_year,
        layout,
        cast(revision as integer) as revision,
        title,
        try_cast(substr(published_on, 1, 10) as date) as published_on,
        try_cast(published_on as timestamp) as published_at,
        source_url,
        source_document,
        source_sha256,
        cast(landed_on as date) as landed_on
    from raw_reports

)

select * from final
