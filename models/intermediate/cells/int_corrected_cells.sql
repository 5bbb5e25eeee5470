-- The corrections seed with each corrected text read as a number.
with corrections as (

    select * from {{ ref('int_corrections') }}

),

reports as (

    select * from {{ ref('int_report_revisions') }}

),

measures as (

    select * from {{ ref('int_measures') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

final as (

    select
        corrections.report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code,
        corrections.printed,
        {{ disclosure_value('measures.kind', 'numbers', 'measures.form_factor') }} as value
    from corrections
    inner join reports on corrections.report_id = reports.report_id
    left join measures
        on
            corrections.form_table = 'disclosures'
            and reports.layout = measures.layout
            and corrections.column_code = measures.measure_code
    left join numbers on corrections.corrected = numbers.printed

)

select * from final
