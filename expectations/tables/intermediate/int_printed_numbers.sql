-- Every text of a cell, of the prose and of a correction is read; an increment keeps those that stand nowhere any more.
-- What plain digits say needs no words: the rest of the readings is dbt's own, and has a unit test for each way of writing.
{% set key = ['printed'] %}
{% set title_zh = '每种印出的文字都已读取，纯数字按原样读取' %}
{% set title_en = 'Every printed text is read, plain digits as the number that they are' %}
with texts as (
    select printed from raw.raw_disclosures
    union
    select printed from raw.raw_narrative_figures
    union
    select printed from raw.raw_statistics
    union
    select corrected from stewardship.corrections
    {% for table, columns in [('raw_requests', applicant_columns), ('raw_reviews', result_columns)] %}
        {% for column in columns %}
            union
            select {{ column }} from raw.{{ table }}
        {% endfor %}
    {% endfor %}
)

select distinct
    printed, meaning, remark, printed_unit, unit_factor,
    if(is_plain, cast(printed as bigint), count_value) as count_value,
    if(is_plain, cast(printed as bigint), change_value) as change_value,
    if(is_plain, cast(printed as decimal(38, 8)), amount_number) as amount_number,
    if(is_plain, 'reported', count_status) as count_status,
    if(is_plain, 'reported', change_status) as change_status,
    if(is_plain, 'reported', amount_status) as amount_status
from (
    select *, regexp_full_match(printed, '0|[1-9][0-9]{0,14}') as is_plain
    from (from texts where printed is not null)
    full join intermediate.int_printed_numbers using (printed)
)
