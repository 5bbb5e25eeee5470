{#- The one run of Chinese numerals in a text without other digits, those of accounts (壹贰叁) among them; else ''. -#}
{% macro chinese_numeral(text) -%}
    {%- set numerals = '零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟' -%}
    regexp_extract({{ text }}, '^[^0-9{{ numerals }}]*([{{ numerals }}]+)[^0-9{{ numerals }}]*$', 1)
{%- endmacro %}


{#-
    The number below ten thousand that Chinese numerals say: 十二, 一百零五, or digit by digit with a zero among them,
    一〇五; null where they say none: 二三, 一百五.
-#}
{% macro chinese_number(numeral) -%}
    {%- set plain = "translate(" ~ numeral ~ ", '〇两壹贰叁肆伍陆柒捌玖拾佰仟', '零二一二三四五六七八九十百千')" -%}
    {%- set digit = '[一二三四五六七八九]' -%}
    {%- set tens = digit ~ '?十' ~ digit ~ '?' -%}
    {%- set below_thousand = digit ~ '百(零' ~ digit ~ '|' ~ tens ~ ')?' -%}
    {%- set below_ten_thousand = digit ~ '千(零' ~ digit ~ '|零?' ~ tens ~ '|' ~ below_thousand ~ ')?' -%}
    {%- set any = '[零一二三四五六七八九]' -%}
    {%- set digit_by_digit = digit ~ any ~ '{0,2}零|' ~ digit ~ '(零' ~ any ~ '{1,2}|' ~ any ~ '零' ~ any ~ ')' -%}
    {%- set well_formed = '^(零|' ~ digit ~ '|' ~ tens ~ '|' ~ below_thousand ~ '|' ~ below_ten_thousand ~ ')$' -%}
    case
        when {{ numeral }} <> '' and regexp_extract({{ plain }}, '^({{ digit_by_digit }})$', 0) = {{ plain }}
            then cast(translate({{ plain }}, '零一二三四五六七八九', '0123456789') as integer)
        when {{ numeral }} <> '' and regexp_extract({{ plain }}, '{{ well_formed }}', 0) = {{ plain }} then
            {%- for factor, place in [(1000, '千'), (100, '百'), (10, '十')] %}
            {{ factor }} * coalesce({{ _chinese_digit("regexp_extract(" ~ plain ~ ", '(" ~ digit ~ ")" ~ place ~ "', 1)") }}, 0) +
            {%- endfor %}
            case when regexp_extract({{ plain }}, '(^|[零百千])十', 0) <> '' then 10 else 0 end +
            coalesce({{ _chinese_digit("regexp_extract(" ~ plain ~ ", '(" ~ digit ~ ")$', 1)") }}, 0)
    end
{%- endmacro %}


{% macro _chinese_digit(char) -%}
    try_cast(nullif(translate({{ char }}, '一二三四五六七八九', '123456789'), '') as integer)
{%- endmacro %}
