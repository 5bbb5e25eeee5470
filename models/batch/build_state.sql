-- What this build saw, written last, for the next one to compare with: each report's fingerprint, beside every report that
-- its checks look at. A build that breaks off leaves another build's id here, and the next one is full (macros/batch.sql).
-- depends_on: {{ ref('agency_year') }}, {{ ref('issues') }}, {{ ref('sanity_findings') }}
-- depends_on: {{ ref('corrected_checks') }}, {{ ref('identity_coverage') }}, {{ ref('requests_year') }}
-- depends_on: {{ ref('fct_requests') }}, {{ ref('dim_report') }}, {{ ref('region_year') }}, {{ ref('sector_year') }}
with reports as (

    select * from {{ ref('report_fingerprints') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

final as (

    select
        reports.*,
        report_pairs.source_report_id
    from reports
    left join report_pairs on reports.report_id = report_pairs.report_id

)

select * from final
