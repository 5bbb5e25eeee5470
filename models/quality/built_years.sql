-- What this build saw of each year, and what it was made with, written when all that hangs on it is there: a build that
-- does not find it is a full one (macros/increment.sql).
-- depends_on: {{ ref('agency_year') }}, {{ ref('issues') }}, {{ ref('sanity_findings') }}
-- depends_on: {{ ref('corrected_checks') }}, {{ ref('identity_coverage') }}, {{ ref('requests_year') }}
-- depends_on: {{ ref('fct_published_items') }}, {{ ref('fct_requests') }}, {{ ref('fct_review_litigation') }}
-- depends_on: {{ ref('built_reports') }}, {{ ref('dim_report') }}, {{ ref('int_report_regions') }}
with year_states as (

    select * from {{ ref('int_year_states') }}

),

final as (

    select
        report_year,
        year_state,
        '{{ code_in_use() if execute }}' as code,
        {{ is_increment() | lower }} as is_by_increment
    from year_states

)

select * from final
