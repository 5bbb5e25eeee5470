{{ config(materialized='view') }}
{{ looked_at_by_changed_year() }}

-- Every revision of every report: what it is known by, and what was published when and where.
with report_keys as (

    select * from {{ ref('int_report_keys') }}

),

reports as (

    select * from {{ ref('stg_reports') }}

),

final as (

    select
        report_keys.*,
        reports.agency_name,
        reports.title,
        reports.published_on,
        reports.source_url,
        reports.source_document,
        reports.source_sha256,
        reports.landed_on
    from report_keys
    inner join reports on report_keys.report_id = reports.report_id

)

select * from final
