-- What the prose states: one number, or two that contradict each other, or none that reads.
{% set key = ['report_id', 'figure_code'] %}
{% set title_zh = '正文数字与原始文字一致' %}
{% set title_en = 'The figures of the prose are read as they are stated' %}
with read_as as (
    select
        report_id, report_year, figure_code,
        case
            when printed in (select word from reference.printed_words where part = 'statement' and meaning = 'zero')
                then 0
            when count_status = 'reported' then count_value
            when amount_status = 'reported' then amount_number * coalesce(unit_factor, 1)
        end as value
    from raw.raw_narrative_figures
    inner join intermediate.int_reports using (report_id)
    left join intermediate.int_printed_numbers using (printed)
)

select
    report_id, report_year, figure_code,
    if(are_read and least_value = most_value, least_value, null) as value,
    case
        when not are_read then 'unreadable'
        when least_value < most_value then 'contradictory'
        else 'reported'
    end as value_status
from (
    select
        report_id, report_year, figure_code,
        min(value) as least_value, max(value) as most_value, bool_and(value is not null) as are_read
    from read_as
    group by all
)
