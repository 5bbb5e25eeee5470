{#- What is seen in a cell: by its status one of five numbers, or columns. What is contradictory is as unreadable, and `/` is none. -#}
{% macro seen_in(status, by_status) -%}
    {%- set reported, unreadable, blank, nothing, absent = by_status -%}
    case {{ status }}
        when 'reported' then {{ reported }}
        when 'unreadable' then {{ unreadable }}
        when 'contradictory' then {{ unreadable }}
        when 'blank' then {{ blank }}
        when 'not_applicable' then {{ nothing }}
        else {{ absent }}
    end
{%- endmacro %}
