with rollup_members as (

    select * from {{ ref('rollup_members') }}

),

final as (

    {{ with_landed('rollup_members', ['agency_id', 'member_agency_id', 'report_year', 'is_complete', 'note']) }}

)

select * from final
