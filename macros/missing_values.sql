{#-
    The terms of a check that hold no number, as two numbers. `missing_values`: a digit for each term in the report
    itself or in last year's, in the order of the terms. `missing_members`: how many members' cells have each
    status, up to 9,999, and beyond them whether a member lacks the cell altogether. Checks with the same two
    numbers share their counts and their words, which int_missing_value_patterns spells out once for each pair.
-#}

{% macro missing_statuses() %}
    {% do return(['blank', 'not_applicable', 'unreadable', 'absent']) %}
{% endmacro %}

{#- 5 is a figure of the prose that contradicts itself. -#}
{% macro missing_value_digit(status) -%}
    case {{ status }}
        when 'reported' then 0
        {%- for missing in missing_statuses() %}
        when '{{ missing }}' then {{ loop.index }}
        {%- endfor %}
        else 5
    end
{%- endmacro %}

{#- 24 terms fit, a cast fails beyond. -#}
{% macro missing_value_base() %}{% do return(6) %}{% endmacro %}

{% macro missing_value_weight(term_order) -%}
    cast(power({{ missing_value_base() }}, {{ term_order }} - 1) as bigint)
{%- endmacro %}

{% macro missing_member_weight(status) %}{% do return(10000 ** missing_statuses().index(status)) %}{% endmacro %}

{#- Stands for a member that lacks a cell altogether. -#}
{% macro short_of_members() %}{% do return(10000 ** (missing_statuses() | length)) %}{% endmacro %}
