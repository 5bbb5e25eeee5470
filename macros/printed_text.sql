{% macro plain_text(printed) -%}
    {%- set full_width = '０１２３４５６７８９．，＋（）／' -%}
    {%- set half_width = '0123456789.,+()/' -%}
    {%- set minuses = '\uff0d\ufe63\u2212\u2010\u2011\u2012\u2013' -%}
    {%- set spaces = '\u3000\u00a0\u2002\u2003\t\r\n' -%}
    {%- set roomless = '\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2061\u2062\u2063\u2064'
        ~ '\u2066\u2067\u2068\u2069\ufeff\u2006\u2008\u2009\u200a\u202f' -%}
    {%- set known = full_width ~ minuses ~ spaces -%}
    {%- set instead = half_width ~ '-' * (minuses | length) ~ ' ' * (spaces | length) -%}
    trim(translate({{ printed }}, '{{ known ~ roomless }}', '{{ instead }}'))
{%- endmacro %}

{#- The status of a cell by its text: blank where there is none, else what the text is read as. -#}
{% macro blank_or(text, read_as) -%}
    case when coalesce({{ text }}, '') = '' then 'blank' else {{ read_as }} end
{%- endmacro %}
