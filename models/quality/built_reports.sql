{{ by_changed_year() }}

-- What this build saw of each report. The next build compares, and touches only what differs (macros/increment.sql).
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
