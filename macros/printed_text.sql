{#-
    The text of a cell with full-width characters made plain and outer space taken off.
    Space inside stays: between two digits it may be the seam of two cells that ran together.
-#}
{% macro plain_text(printed) -%}
    {%- set full_width = '０１２３４５６７８９．，＋－−（）／' -%}
    {%- set half_width = '0123456789.,+--()/' -%}
    {%- set spaces = '\u3000\u00a0\u2002\u2003\u200b\ufeff\t\r\n' -%}
    trim(translate({{ printed }}, '{{ full_width ~ spaces }}', '{{ half_width ~ ' ' * (spaces | length) }}'))
{%- endmacro %}

{#- The status of a cell by its text: blank where there is none, else what the text is read as. -#}
{% macro blank_or(text, read_as) -%}
    case when coalesce({{ text }}, '') = '' then 'blank' else {{ read_as }} end
{%- endmacro %}
