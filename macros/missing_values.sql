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

{#- Cell by cell there are more digits (restated_value): 18 terms fit. Else 24 do; a cast fails beyond. -#}
{% macro missing_value_base(evaluated_by) -%}
    case when {{ evaluated_by }} = 'cell' then 10 else 6 end
{%- endmacro %}

{% macro missing_value_weight(term_order, evaluated_by="''") -%}
    cast(power({{ missing_value_base(evaluated_by) }}, {{ term_order }} - 1) as bigint)
{%- endmacro %}

{#- What is added to the digit of a cell of last year that was restated since, with a number or without. -#}
{% macro restated_value() %}{% do return(5) %}{% endmacro %}

{% macro missing_member_weight(status) %}{% do return(10000 ** missing_statuses().index(status)) %}{% endmacro %}

{#- Stands for a member that lacks a cell altogether. -#}
{% macro short_of_members() %}{% do return(10000 ** (missing_statuses() | length)) %}{% endmacro %}
