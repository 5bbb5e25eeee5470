-- What the annex of a current report prints, and what its form has besides, in each of the columns that it has.
{% set key = ['report_id', 'indicator_code', 'column_code'] %}
{% set title_zh = 'fct_statistics 与2019年以前统计表各单元格一一对应，金额折元' %}
{% set title_en = 'fct_statistics has the cells of the annexes before 2019, each once, as printed, amounts in yuan' %}
with printed as (
    select * from raw.raw_statistics where indicator_code is not null
),

due as (
    select distinct report_id, lines.indicator_code, column_code
    from raw.raw_statistics
    inner join marts.dim_statistic_report using (report_id)
    inner join reference.statistic_lines as lines using (layout)
),

money (word, factor) as (
    select word, cast(factor as integer) from reference.printed_words where meaning = 'money_unit' and part = 'suffix'
)

select
    report_id, agency_id, report_year, layout, indicator_code, column_code, indicators.unit,
    case
        when printed.label is null or printed.printed is null then null
        when kind = 'count' then count_value
        when amount_number = 0 then 0
        else amount_number * coalesce(unit_factor, money.factor)
    end as value,
    case
        when printed.label is null then 'absent'
        when coalesce(printed.printed, '') = '' then 'blank'
        when kind = 'count' then count_status
        when amount_number <> 0 and coalesce(unit_factor, money.factor) is null then 'unreadable'
        else amount_status
    end as value_status,
    printed.label, printed.unit as printed_unit, printed.printed, is_consolidated
from due
full join printed using (report_id, indicator_code, column_code)
inner join marts.dim_statistic_report as reports using (report_id)
inner join reference.statistic_indicators as indicators using (indicator_code)
left join intermediate.int_printed_numbers as numbers on printed.printed = numbers.printed
left join money on printed.unit = money.word
where reports.is_current
