-- The annex of every current report before 2019, cell by cell: what its form has and what it prints, as numbers.
with statistics as (

    select * from {{ ref('stg_statistics') }}

),

reports as (

    select * from {{ ref('int_statistic_reports') }}
    where is_current

),

form_lines as (

    select * from {{ ref('statistic_lines') }}

),

indicators as (

    select * from {{ ref('statistic_indicators') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

units as (

    select * from {{ ref('printed_words') }}
    where part = 'suffix'

),

printed_cells as (

    select * from statistics
    where indicator_code is not null

),

columns_of_reports as (

    select distinct
        report_id,
        column_code
    from statistics

),

cells_of_forms as (

    select
        reports.report_id,
        form_lines.indicator_code,
        columns_of_reports.column_code
    from reports
    inner join form_lines on reports.layout = form_lines.layout
    inner join columns_of_reports on reports.report_id = columns_of_reports.report_id

),

keys as (

    select
        report_id,
        indicator_code,
        column_code
    from cells_of_forms
    union
    select
        report_id,
        indicator_code,
        column_code
    from printed_cells

),

readings as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.layout,
        reports.is_consolidated,
        keys.indicator_code,
        keys.column_code,
        indicators.kind,
        indicators.unit,
        printed_cells.row_number,
        printed_cells.label,
        printed_cells.unit as printed_unit,
        printed_cells.printed,
        numbers.count_value,
        numbers.count_status,
        numbers.amount_number,
        numbers.amount_status,
        -- 0 is 0 in any unit
        case
            when numbers.amount_number = 0 then 1
            when numbers.unit_factor is not null then numbers.unit_factor
            when units.meaning = 'money_unit' then cast(units.factor as integer)
        end as factor
    from keys
    inner join reports on keys.report_id = reports.report_id
    inner join indicators on keys.indicator_code = indicators.indicator_code
    left join printed_cells
        on
            keys.report_id = printed_cells.report_id
            and keys.indicator_code = printed_cells.indicator_code
            and keys.column_code = printed_cells.column_code
    left join numbers on printed_cells.printed = numbers.printed
    left join units on printed_cells.unit = units.word

),

statuses as (

    select
        *,
        case
            when row_number is null then 'absent'
            else {{ blank_or(
                'printed',
                "case when kind = 'count' then count_status"
                ~ " when amount_status = 'reported' and factor is null then 'unreadable' else amount_status end"
            ) }}
        end as value_status
    from readings

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        is_consolidated,
        indicator_code,
        column_code,
        unit,
        label,
        printed_unit,
        printed,
        cast(
            case
                when value_status <> 'reported' then null
                when kind = 'count' then count_value
                else amount_number * factor
            end as decimal(28, 4)
        ) as value,
        value_status
    from statuses

)

select * from final
