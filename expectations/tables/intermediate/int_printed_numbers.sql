-- What plain digits say needs no words: the rest of the readings is dbt's own, and has a unit test for each way of writing.
{% set key = ['printed'] %}
{% set title_zh = '纯数字按原样读取' %}
{% set title_en = 'Plain digits are read as the number that they are' %}
select
    printed, meaning, remark, printed_unit, unit_factor,
    if(is_plain, cast(printed as bigint), count_value) as count_value,
    if(is_plain, cast(printed as bigint), change_value) as change_value,
    if(is_plain, cast(printed as decimal(38, 8)), amount_number) as amount_number,
    if(is_plain, 'reported', count_status) as count_status,
    if(is_plain, 'reported', change_status) as change_status,
    if(is_plain, 'reported', amount_status) as amount_status
from (
    select *, regexp_full_match(printed, '0|[1-9][0-9]{0,14}') as is_plain
    from intermediate.int_printed_numbers
)
