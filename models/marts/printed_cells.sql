-- The printed text of every cell, one join away from each fact row, with what stands beside the number.
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

printed_texts as (

    {{ printed_cells_of('requests', 'reviews', 'disclosures') }}

),

final as (

    select
        printed_texts.report_id,
        printed_texts.form_table,
        printed_texts.line_code,
        printed_texts.column_code,
        printed_texts.printed,
        numbers.printed_unit,
        numbers.remark
    from printed_texts
    left join numbers on printed_texts.printed = numbers.printed

)

select * from final
