{#-
    What a check comes to, by the rules of the contract. Each argument but the difference (lhs - rhs over the cells that
    hold a number) is a condition: nothing can be said whatever the numbers are; a cell is blank; a number in one of the
    blanks could raise the difference, or lower it.
-#}
{% macro verdict(difference, says_nothing, has_blank, could_raise, could_lower) -%}
    case
        when {{ says_nothing }} then 'not_assessable'
        when {{ difference }} = 0 and not ({{ has_blank }}) then 'holds'
        when {{ difference }} = 0 then 'holds_if_blank_is_zero'
        when {{ difference }} < 0 and {{ could_raise }} then 'not_assessable'
        when {{ difference }} > 0 and {{ could_lower }} then 'not_assessable'
        else 'broken'
    end
{%- endmacro %}
