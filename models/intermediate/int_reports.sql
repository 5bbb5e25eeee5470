{{ config(materialized='view') }}
{{ looked_at_by_changed_year() }}

-- The current revision of every report.
with report_keys as (

    select * from {{ ref('int_report_keys') }}

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        region_code,
        sector_code,
        is_consolidated
    from report_keys
    where is_current

)

select * from final
