-- What this build saw, written last, for the next one to compare with: each report's fingerprint and its cells' marks,
-- beside every report that its checks look at. A build that breaks off leaves another build's id here, one that leaves
-- out a model or a seed none, and the next one is full (macros/batch.sql).
-- depends_on: {{ ref('agency_year') }}, {{ ref('issues') }}, {{ ref('sanity_findings') }}
-- depends_on: {{ ref('corrected_checks') }}, {{ ref('identity_coverage') }}, {{ ref('requests_year') }}
-- depends_on: {{ ref('fct_requests') }}, {{ ref('dim_report') }}, {{ ref('region_year') }}, {{ ref('sector_year') }}
-- depends_on: {{ ref('first_digits') }}, {{ ref('cause_states') }}
with reports as (

    select * from {{ ref('report_fingerprints') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

marks as (

    {{ hashes_of_marks(ref('broken_cells'), ref('doubtful_cells')) }}

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.fingerprint,
        marks.marks,
        {{ 'reports.build_id' if execute and is_of_everything() else "''" }} as build_id,
        reports.code,
        reports.is_by_increment,
        check_sources.source_report_id
    from reports
    left join marks on reports.report_id = marks.report_id
    left join check_sources on reports.report_id = check_sources.report_id

)

select * from final
