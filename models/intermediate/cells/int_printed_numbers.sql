-- Every distinct text that stands in a cell, read once: what it means as a count, a change or an amount.
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

corrections as (

    select * from {{ ref('corrections') }}

),

narrative_figures as (

    select * from {{ ref('stg_narrative_figures') }}

),

statistics as (

    select * from {{ ref('stg_statistics') }}

),

words as (

    select * from {{ ref('printed_words') }}

),

printed_texts as (

    select printed from disclosures
    union
    select corrected as printed from corrections
    union
    select printed from narrative_figures
    union
    select printed from statistics
    {% for column in applicant_columns() %}
        union
        select {{ column }} as printed from requests
    {% endfor %}
    {% for column in result_columns() %}
        union
        select {{ column }} as printed from reviews
    {% endfor %}

),

plain_texts as (

    select
        printed,
        {{ plain_text('printed') }} as plain
    from printed_texts
    where printed is not null

),

-- 55（含自然失效29件） is the number 55 with a remark; （5） is the number 5 in brackets
without_remark as (

    select
        printed,
        plain,
        plain like '(%)' as is_in_brackets,
        case
            when plain like '(%)' then trim(regexp_extract(plain, '^[(]([^()]*)[)]$', 1))
            when plain like '%(%)' then trim(regexp_extract(plain, '^([^()]*)[(].*[)]$', 1))
            else plain
        end as text,
        nullif(regexp_extract(plain, '^[^()]+[(](.*)[)]$', 1), '') as remark
    from plain_texts

),

with_numerals as (

    select
        *,
        {{ chinese_numeral('text') }} as numeral
    from without_remark

),

-- 十二件 is 12件
in_digits as (

    select
        printed,
        plain,
        is_in_brackets,
        remark,
        coalesce(
            replace(text, numeral, cast({{ chinese_number('numeral') }} as {{ dbt.type_string() }})),
            text
        ) as text
    from with_numerals

),

-- 减12万元 is the words 减 and 万元 around the digits 12
parts as (

    select
        printed,
        plain,
        is_in_brackets,
        remark,
        trim(regexp_extract(text, '^([^0-9.,]*)[0-9][0-9.,]*[^0-9.,]*$', 1)) as prefix,
        regexp_extract(
            text,
            '^[^0-9.,]*((0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})([.][0-9]{1,8})?)[^0-9.,]*$',
            1
        ) as digits,
        trim(regexp_extract(text, '^[^0-9.,]*[0-9][0-9.,]*([^0-9.,]*)$', 1)) as suffix
    from in_digits

),

words_known as (

    select
        parts.printed,
        parts.plain,
        parts.is_in_brackets,
        parts.remark,
        parts.digits,
        whole_words.meaning as whole_meaning,
        prefix_words.meaning as prefix_meaning,
        coalesce(cast(prefix_words.factor as integer), 1) as sign,
        suffix_words.meaning as unit_meaning,
        cast(suffix_words.factor as integer) as unit_factor,
        suffix_words.unit as printed_unit,
        parts.digits <> ''
        and (parts.prefix = '' or prefix_words.word is not null)
        and (parts.suffix = '' or suffix_words.word is not null) as is_number
    from parts
    left join words as whole_words
        on lower(parts.plain) = lower(whole_words.word) and whole_words.part = 'whole'
    left join words as prefix_words
        on parts.prefix = prefix_words.word and prefix_words.part = 'prefix'
    left join words as suffix_words
        on coalesce(nullif(parts.suffix, ''), parts.remark) = suffix_words.word and suffix_words.part = 'suffix'

),

{% set meaning %}
    case
        when whole_meaning = 'zero' then 'number'
        when whole_meaning is not null then whole_meaning
        when is_number then 'number'
        else 'unreadable'
    end
{% endset %}
meanings as (

    select
        printed,
        is_in_brackets,
        remark,
        prefix_meaning,
        unit_meaning,
        unit_factor,
        printed_unit,
        {{ blank_or('plain', meaning) }} as meaning,
        case
            when whole_meaning = 'zero' then 0
            when whole_meaning is null and is_number
                then cast(replace(digits, ',', '') as decimal(28, 8)) * sign
        end as number
    from words_known

),

-- what the text says where a count, a signed change or an amount of money belongs
readings as (

    select
        *,
        case
            when
                number = floor(number)
                and coalesce(prefix_meaning, 'sign') = 'sign'
                and coalesce(unit_meaning, 'count_unit') in ('count_unit', 'scale')
                then try_cast(number * coalesce(unit_factor, 1) as bigint)
        end as count_value,
        case
            when
                number = floor(number)
                and not is_in_brackets  -- for accountants (5) is -5
                and coalesce(prefix_meaning, 'sign') in ('sign', 'change_word')
                and coalesce(unit_meaning, 'count_unit') in ('count_unit', 'scale')
                then try_cast(number * coalesce(unit_factor, 1) as bigint)
        end as change_value,
        case
            when
                coalesce(prefix_meaning, 'sign') in ('sign', 'money_unit')
                and coalesce(unit_meaning, 'scale') in ('scale', 'money_unit')
                then number
        end as amount_number
    from meanings

),

final as (

    select
        printed,
        meaning,
        remark,
        printed_unit,
        unit_factor,
        count_value,
        change_value,
        amount_number,
        {% for reading in ['count_value', 'change_value', 'amount_number'] %}
            case
                when meaning <> 'number' then meaning
                when {{ reading }} is null then 'unreadable'
                else 'reported'
            end as {{ reading.split('_')[0] }}_status{% if not loop.last %},{% endif %}
        {% endfor %}
    from readings

)

select * from final
