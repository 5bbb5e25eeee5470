-- The ledger at the current editions: an entry follows its report, and holds where the numbers it is bound to still
-- stand.
with ledger as (

    select * from {{ ref('acknowledged_issues') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

),

final as (

    {{ at_current_editions(
        'ledger',
        keys=['identity_id', 'slice', 'observed_lhs', 'observed_rhs'],
        other_columns=['reason', 'evidence', 'acknowledged_by', 'acknowledged_on', 'expires_on'],
        entered_on='acknowledged_on'
    ) }}

)

select * from final
