-- The six kinds of applicant, in the form's order.
with applicant_types as (

    select * from {{ ref('applicant_types') }}

),

final as (

    select
        applicant_type,
        type_order,
        label_zh,
        label_en
    from applicant_types
    where kind = 'leaf'

)

select * from final
