{{ config(post_hook="{{ take_all_memory_for_many() }}") }}

-- The reports that this build writes anew: those whose cells, or the grounds of whose verdicts, are not what the last
-- build saw. All, in a full build.
with states as (

    select * from {{ ref('int_report_states') }}

),

reports_before as (

    {{ reports_built_before() }}

),

before as (

    select * from {{ rows_of_changed_years('reports_before') }}

),

compared as (

    select
        coalesce(states.report_id, before.report_id) as report_id,
        states.agency_id,
        before.agency_id as agency_id_before,
        states.report_year,
        before.report_year as report_year_before,
        coalesce(states.cells_state, '') <> coalesce(before.cells_state, '') as has_new_cells,
        coalesce(states.checks_state, '') <> coalesce(before.checks_state, '') as has_new_checks
    from states
    full outer join before on states.report_id = before.report_id

),

final as (

    select *
    from compared
    where has_new_cells or has_new_checks

)

select * from final
