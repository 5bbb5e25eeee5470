{% macro plain_text(printed) -%}
    {%- set full_width = '０１２３４５６７８９．，＋－−（）／' -%}
    {%- set half_width = '0123456789.,+--()/' -%}
    {%- set spaces = '\u3000\u00a0\u2002\u2003\u200b\ufeff\t\r\n' -%}
    trim(translate({{ printed }}, '{{ full_width ~ spaces }}', '{{ half_width ~ ' ' * (spaces | length) }}'))
{%- endmacro %}
