{#-
    The terms of a check that hold no number, as two numbers. `missing_values`: a digit for each term in the report
    itself or in last year's, in the order of the terms; cell by cell a bit for each status, as the reports of several
    bodies may be last year's. `missing_members`: how many members' cells have each status, up to 9,999, and beyond
    them whether a member lacks the cell altogether. Checks with the same two numbers share their counts and their
    words, which int_missing_value_patterns spells out once for each pair.
-#}

{% macro missing_statuses() %}
    {% do return(['blank', 'not_applicable', 'unreadable', 'absent']) %}
{% endmacro %}

{#- The last is a figure of the prose that contradicts itself. -#}
{% macro missing_value_digit(status) %}{{ _missing_value(status, [1, 2, 3, 4, 5]) }}{% endmacro %}

{% macro missing_value_bit(status) %}{{ _missing_value(status, [1, 2, 4, 8, 16]) }}{% endmacro %}

{% macro _missing_value(status, numbers) -%}
    case {{ status }}
        when 'reported' then 0
        {%- for missing in missing_statuses() %}
        when '{{ missing }}' then {{ numbers[loop.index0] }}
        {%- endfor %}
        else {{ numbers[-1] }}
    end
{%- endmacro %}

{#- 24 digits fit, and the bits of 12 terms; a cast fails beyond. -#}
{% macro missing_value_weight(term_order, evaluated_by) -%}
    cast(power(case when {{ evaluated_by }} = 'cell' then 32 else 6 end, {{ term_order }} - 1) as bigint)
{%- endmacro %}

{% macro missing_member_weight(status) %}{% do return(10000 ** missing_statuses().index(status)) %}{% endmacro %}

{#- Stands for a member that lacks a cell altogether. -#}
{% macro short_of_members() %}{% do return(10000 ** (missing_statuses() | length)) %}{% endmacro %}
