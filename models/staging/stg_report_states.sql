with raw_states as (

    select * from {{ ref('raw_states') }}

),

final as (

    select
        report_id,
        raw_state
    from raw_states

)

select * from final
