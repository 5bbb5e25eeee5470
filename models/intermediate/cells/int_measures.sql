-- The columns of table 二 with the factor from the unit in the form's heading to the unit of the marts.
-- A layout can print the other layout's columns, so every layout has every measure.
with measures as (

    select * from {{ ref('measures') }}

),

layouts as (

    select * from {{ ref('layouts') }}

),

words as (

    select * from {{ ref('printed_words') }}
    where part = 'suffix'

),

kinds as (

    select distinct
        measure_code,
        kind,
        unit
    from measures

),

final as (

    select
        layouts.layout,
        kinds.measure_code,
        kinds.kind,
        kinds.unit,
        words.factor as form_factor
    from layouts
    cross join kinds
    left join measures
        on layouts.layout = measures.layout and kinds.measure_code = measures.measure_code
    left join words on measures.form_unit = words.word

)

select * from final
