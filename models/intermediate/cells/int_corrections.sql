-- The corrections at the current editions: a correction follows its report to a later edition.
with corrections as (

    select * from {{ ref('corrections') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

),

final as (

    {{ at_current_editions(
        'corrections',
        keys=['form_table', 'line_code', 'column_code'],
        other_columns=['printed', 'corrected', 'evidence', 'corrected_by', 'corrected_on', 'on_purpose'],
        entered_on='corrected_on'
    ) }}

)

select * from final
