-- The report revisions whose raw rows are not what the last build saw: new, changed or gone. All, in a full build.
with states as (

    select * from {{ ref('raw_states') }}

),

before as (

    {{ reports_built_before() }}

),

final as (

    select
        coalesce(states.report_id, before.report_id) as report_id,
        states.landed_in
    from states
    full outer join before on states.report_id = before.report_id
    where states.raw_state is distinct from before.raw_state

)

select * from final
