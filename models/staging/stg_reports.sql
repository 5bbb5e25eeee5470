with raw_reports as (

    select * from {{ ref('raw_reports') }}

),

layouts as (

    select * from {{ ref('layouts') }}

),

final as (

    {{ typed_reports('three_tables') }}

)

select * from final
