-- The verdict on every identity, in every report and slice, on the cells as reported.
with sides as (

    select * from {{ ref('int_checks') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

ledger as (

    select * from {{ ref('int_acknowledgements') }}

),

verdicts as (

    select
        report_id,
        identity_id,
        slice,
        -- a side of blanks alone is a sum of nothing
        case when empty_left_terms > 0 then coalesce(lhs, 0) else lhs end as lhs,
        case when empty_right_terms > 0 then coalesce(rhs, 0) else rhs end as rhs,
        {{ identity_verdict() }} as status,
        reason
    from sides

),

final as (

    select
        verdicts.report_id,
        reports.agency_id,
        reports.report_year,
        verdicts.identity_id,
        verdicts.slice,
        verdicts.lhs,
        verdicts.rhs,
        cast(verdicts.lhs - verdicts.rhs as decimal(28, 4)) as difference,
        verdicts.status,
        case
            when verdicts.status = 'not_assessable' then coalesce(verdicts.reason, 'absent: one side')
            else verdicts.reason
        end
            as reason,
        verdicts.status = 'broken' and ledger.report_id is not null as is_acknowledged
    from verdicts
    inner join reports on verdicts.report_id = reports.report_id
    left join ledger
        on
            verdicts.report_id = ledger.report_id
            and verdicts.identity_id = ledger.identity_id
            and verdicts.slice = ledger.slice
            and verdicts.lhs = ledger.observed_lhs
            and verdicts.rhs = ledger.observed_rhs
            and ledger.expires_on >= {{ today() }}

)

select * from final
