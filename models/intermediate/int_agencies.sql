-- The bodies that report, each with the name of the one it answers to.
with agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        agencies.*,
        parents.agency_name as parent
    from agencies
    left join agencies as parents on agencies.parent_agency_id = parents.agency_id

)

select * from final
