-- Every body with each body above it, as far as the agencies seed knows whom it answers to.
with recursive agencies as (

    select
        agency_id,
        parent_agency_id
    from {{ ref('stg_agencies') }}

),

ancestors as (

    select
        agency_id,
        parent_agency_id as ancestor_id,
        1 as steps
    from agencies
    where parent_agency_id is not null
    union all
    select
        ancestors.agency_id,
        agencies.parent_agency_id as ancestor_id,
        ancestors.steps + 1 as steps
    from ancestors
    inner join agencies on ancestors.ancestor_id = agencies.agency_id
    -- longer than any real chain: a circle in the seed ends here
    where agencies.parent_agency_id is not null and ancestors.steps < 10

),

final as (

    select distinct
        agency_id,
        ancestor_id
    from ancestors
    where agency_id <> ancestor_id

)

select * from final
