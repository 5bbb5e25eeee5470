{#-
    The cells of a check that hold no number, as one number: a digit to the base 6 for each term, in the order of the
    terms. 24 terms fit; a cast fails beyond. Checks with the same gaps share their counts and their words, which
    int_gap_patterns spells out once for each pattern.
-#}

{% macro gap_statuses() %}
    {% do return(['blank', 'not_applicable', 'unreadable', 'absent']) %}
{% endmacro %}

{% macro gap_code(status) -%}
    case {{ status }}
        when 'reported' then 0
        {%- for gap in gap_statuses() %}
        when '{{ gap }}' then {{ loop.index }}
        {%- endfor %}
        else 5
    end
{%- endmacro %}

{% macro gap_weight(term_order, base=6) -%}
    cast(power({{ base }}, {{ term_order }} - 1) as bigint)
{%- endmacro %}

{#- The terms of a check that hold no number, counted by what they mean for its verdict. -#}
{% macro counts_of_gaps() -%}
        count(case when is_empty then 1 end) as empty_terms,
        -- a number in one of these could raise left less right, in one of those lower it
        count(case when is_empty and can_raise then 1 end) as raising_terms,
        count(case when is_empty and can_lower then 1 end) as lowering_terms,
        count(case when is_empty and side = 'left' then 1 end) as empty_left_terms,
        count(case when is_empty and side = 'right' then 1 end) as empty_right_terms,
        count(case when value_status in ('unreadable', 'contradictory', 'restated') then 1 end) as unreadable_terms,
        count(case when value_status = 'absent' and when_absent = 'not_assessable' then 1 end) as missing_terms
{%- endmacro %}
