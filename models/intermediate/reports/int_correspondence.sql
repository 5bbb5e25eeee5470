-- The letters and answers at the current editions: each follows its report, and speaks of the numbers that it is
-- bound to.
with correspondence as (

    select * from {{ ref('correspondence') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

),

final as (

    {{ at_current_editions(
        'correspondence',
        keys=['identity_id', 'slice', 'observed_lhs', 'observed_rhs', 'event', 'happened_on'],
        other_columns=['note', 'entered_by'],
        entered_on='happened_on'
    ) }}

)

select * from final
