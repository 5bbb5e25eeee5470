-- Each printed cell of table 二 with its text read, money in yuan, and each cell of the form that is not there.
{% set key = ['report_id', 'line_code', 'measure_code'] %}
{% set title_zh = '表二各单元格与原始文字一致，金额以元计' %}
{% set title_en = 'Table 二 is read as it is printed, cell by cell, money in yuan' %}
with measures as (
    select distinct measure_code, kind from reference.measures
),

-- the heading says in which unit a bare amount is, by layout
units as (
    select layout, measure_code, factor
    from reference.measures
    inner join reference.printed_words on form_unit = word and part = 'suffix'
),

read_as as (
    select
        printed.report_id, report_year, printed.line_code, measure_code, printed.printed, printed_unit, remark,
        case kind
            when 'amount' then amount_number * coalesce(unit_factor, cast(units.factor as integer))
            when 'change' then change_value
            else count_value
        end as value,
        case kind when 'amount' then amount_status when 'change' then change_status else count_status end as status
    from raw.raw_disclosures as printed
    inner join intermediate.int_reports using (report_id)
    inner join measures using (measure_code)
    left join units using (layout, measure_code)
    left join intermediate.int_printed_numbers as numbers on printed.printed = numbers.printed
)

select
    report_id, report_year, line_code, measure_code, cast(value as decimal(28, 4)) as value,
    if(printed is null, 'blank', status) as value_status, printed_unit, remark
from read_as
union all
select report_id, report_year, line_code, measure_code, null, 'absent', null, null
from intermediate.int_reports
inner join reference.form_cells using (layout)
anti join raw.raw_disclosures using (report_id, line_code, measure_code)
