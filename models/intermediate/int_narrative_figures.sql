-- What the prose of a report states, one row for each figure: a number, or why there is none. A figure
-- stated as two different numbers is `contradictory`.
with statements as (

    select * from {{ ref('stg_narrative_figures') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

words as (

    select * from {{ ref('printed_words') }}
    where part = 'statement'

),

readings as (

    select
        statements.report_id,
        reports.report_year,
        statements.figure_code,
        case
            when words.meaning = 'zero' then 0
            when numbers.count_status = 'reported' then cast(numbers.count_value as decimal(28, 4))
            when numbers.amount_status = 'reported'
                then cast(numbers.amount_number * coalesce(numbers.unit_factor, 1) as decimal(28, 4))
        end as value
    from statements
    inner join reports on statements.report_id = reports.report_id
    left join numbers on statements.printed = numbers.printed
    left join words on statements.printed = words.word

),

figures as (

    select
        report_id,
        report_year,
        figure_code,
        min(value) as lowest_value,
        max(value) as highest_value,
        count(*) as times_stated,
        count(value) as times_read
    from readings
    group by report_id, report_year, figure_code

),

final as (

    select
        report_id,
        report_year,
        figure_code,
        case when times_read = times_stated and lowest_value = highest_value then lowest_value end as value,
        case
            when times_read < times_stated then 'unreadable'
            when lowest_value <> highest_value then 'contradictory'
            else 'reported'
        end as value_status
    from figures

)

select * from final
