{{ by_changed_year() }}

-- What this build saw of each report, written when all that hangs on it is there. The next build compares, and touches
-- only what differs (macros/increment.sql).
-- depends_on: {{ ref('agency_year') }}, {{ ref('issues') }}, {{ ref('sanity_findings') }}
-- depends_on: {{ ref('corrected_checks') }}, {{ ref('identity_coverage') }}, {{ ref('requests_year') }}
-- depends_on: {{ ref('fct_published_items') }}, {{ ref('fct_requests') }}, {{ ref('fct_review_litigation') }}
-- depends_on: {{ ref('dim_report') }}, {{ ref('region_year') }}, {{ ref('sector_year') }}
with states as (

    select * from {{ ref('int_report_states') }}

),

final as (

    select
        report_id,
        raw_state,
        agency_id,
        report_year,
        cells_state,
        checks_state
    from states

)

select * from final
