with agencies as (

    select * from {{ ref('agencies') }}

),

final as (

    {{ with_landed('agencies', [
        'agency_id', 'agency_name', 'region_code', 'level', 'sector_code', 'parent_agency_id', 'predecessor_agency_id',
        'is_consolidated',
    ]) }}

)

select * from final
