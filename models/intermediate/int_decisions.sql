{{ config(materialized='view') }}

-- What stewards decided on reports, and how those were read: a row for each entry, with a number for what it says.
with corrections as (

    select * from {{ ref('int_corrections') }}

),

ledger as (

    select * from {{ ref('int_acknowledgements') }}

),

evidence as (

    select * from {{ ref('report_evidence') }}

),

final as (

    select
        report_id,
        'correction' as kind,
        {{ hash_of_key(['form_table', 'line_code', 'column_code', 'printed', 'corrected']) }} as ground
    from corrections
    union all
    select
        report_id,
        'acknowledgement' as kind,
        {{ hash_of_key(['identity_id', 'slice', 'observed_lhs', 'observed_rhs', 'expires_on >= current_date']) }}
            as ground
    from ledger
    union all
    select
        report_id,
        'evidence' as kind,
        {{ hash_of_key(['evidence']) }} as ground
    from evidence

)

select * from final
