{#-
    What a check comes to. `difference` is left less right over the cells that hold a number; the counts are of
    terms that hold none.
-#}
{% macro identity_verdict() -%}
    case
        when missing_terms > 0 or unreadable_terms > 0 then 'not_assessable'
        -- nothing is printed on one side
        when lhs is null and empty_left_terms = 0 then 'not_assessable'
        when rhs is null and empty_right_terms = 0 then 'not_assessable'
        when difference = 0 and empty_terms = 0 then 'holds'
        when difference = 0 then 'holds_if_blank_is_zero'
        -- a non-negative number in one of the blanks could close it
        when difference < 0 and raising_terms > 0 then 'not_assessable'
        when difference > 0 and lowering_terms > 0 then 'not_assessable'
        else 'broken'
    end
{%- endmacro %}
