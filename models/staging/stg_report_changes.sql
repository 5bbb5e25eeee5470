with raw_changes as (

    select * from {{ ref('raw_changes') }}

),

final as (

    select report_id
    from raw_changes

)

select * from final
