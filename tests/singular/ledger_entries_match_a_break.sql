-- An acknowledgement holds for one break as it was observed: an entry that matches nothing, or has expired
-- is named here, with what is wrong with it.
with ledger as (

    select * from {{ ref('int_acknowledgements') }}

),

checks as (

    select * from {{ whole('fct_identity_checks') }}

),

entries as (

    select
        ledger.report_id,
        ledger.identity_id,
        ledger.slice,
        ledger.observed_lhs,
        ledger.observed_rhs,
        ledger.expires_on,
        checks.lhs,
        checks.rhs,
        checks.status
    from ledger
    left join checks
        on
            ledger.report_id = checks.report_id
            and ledger.identity_id = checks.identity_id
            and ledger.slice = checks.slice

),

final as (

    select
        *,
        case
            when status is null then 'names no check'
            when status <> 'broken' then 'the check is not broken'
            when coalesce(lhs <> observed_lhs, true) or coalesce(rhs <> observed_rhs, true)
                then 'the numbers have changed'
            when expires_on is null then 'has no day of expiry'
            when expires_on < {{ today() }} then 'has expired'
        end as problem
    from entries

)

select * from final
where problem is not null
