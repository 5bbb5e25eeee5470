-- The corrections seed, at the current editions: of several for one cell that of the edition itself, else the latest.
{% set key = ['report_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '更正值与更正登记一致' %}
{% set title_en = 'A corrected cell is as the corrections seed says' %}
with corrections as (
    select
        coalesce(reports.report_id, corrections.report_id) as report_id, reports.layout, form_table, line_code,
        column_code, printed, corrected
    from stewardship.corrections
    inner join raw.raw_reports as editions using (report_id)
    left join intermediate.int_reports as reports
        on editions.agency_id = reports.agency_id and editions.report_year::integer = reports.report_year
    qualify row_number() over (
        partition by reports.report_id, form_table, line_code, column_code
        order by corrections.report_id = reports.report_id desc, corrected_on desc, corrections.report_id desc
    ) = 1
),

measures as (
    select layout, measure_code, kind, cast(factor as integer) as factor
    from reference.measures left join reference.printed_words on form_unit = word and part = 'suffix'
)

select
    report_id, form_table, line_code, column_code, corrections.printed,
    cast(case kind
        when 'amount' then amount_number * coalesce(unit_factor, measures.factor)
        when 'change' then change_value
        else count_value
    end as decimal(28, 4)) as value
from corrections
left join measures
    on form_table = 'disclosures' and corrections.layout = measures.layout and column_code = measure_code
left join intermediate.int_printed_numbers as numbers on corrected = numbers.printed
