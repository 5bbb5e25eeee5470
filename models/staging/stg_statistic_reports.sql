with raw_reports as (

    select * from {{ ref('raw_reports') }}

),

layouts as (

    select * from {{ ref('layouts') }}

),

final as (

    {{ typed_reports('statistics') }}

)

select * from final
