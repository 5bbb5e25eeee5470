-- The ledger at the current editions: an entry follows its report, and holds where the numbers it is bound to still stand.
with ledger as (

    select * from {{ ref('acknowledged_issues') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

),

-- of entries for several editions the one for the current edition, else the latest
at_current_editions as (

    select
        coalesce(editions.current_report_id, ledger.report_id) as report_id,
        ledger.report_id as named_report_id,
        ledger.identity_id,
        ledger.slice,
        ledger.observed_lhs,
        ledger.observed_rhs,
        ledger.reason,
        ledger.evidence,
        ledger.acknowledged_by,
        ledger.acknowledged_on,
        ledger.expires_on,
        row_number() over (
            partition by
                coalesce(editions.current_report_id, ledger.report_id),
                ledger.identity_id,
                ledger.slice,
                ledger.observed_lhs,
                ledger.observed_rhs
            order by
                case when ledger.report_id = editions.current_report_id then 0 else 1 end,
                ledger.acknowledged_on desc,
                ledger.report_id desc
        ) as place
    from ledger
    left join editions on ledger.report_id = editions.report_id

),

final as (

    select
        report_id,
        named_report_id,
        identity_id,
        slice,
        observed_lhs,
        observed_rhs,
        reason,
        evidence,
        acknowledged_by,
        acknowledged_on,
        expires_on
    from at_current_editions
    where place = 1

)

select * from final
