-- The current reports that roll-ups look at: consolidated ones, and the members of complete sets.
with reports as (

    select * from {{ ref('int_reports') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

final as (

    select report_id
    from reports
    where is_consolidated
    union
    select source_report_id as report_id
    from report_pairs
    where scope = 'members'

)

select * from final
