-- Whose numbers a report adds up: others' than its body's own, and only where the body is consolidated.
with rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

final as (

    select
        rollup_members.agency_id,
        rollup_members.member_agency_id,
        rollup_members.report_year,
        case
            when rollup_members.agency_id = rollup_members.member_agency_id then 'a body is its own member'
            when agencies.agency_id is null then 'the body is not known'
            when not agencies.is_consolidated then 'the body is not consolidated, see the agencies seed'
        end as problem
    from rollup_members
    left join agencies on rollup_members.agency_id = agencies.agency_id

)

select * from final
where problem is not null
