{#- The slips of the hand that turn one printed number into another, as conditions over two numbers. -#}

{#- The digits before the point. The engines' own casts round, or cut off. -#}
{% macro digits(number) -%}
    cast(cast(round({{ number }}, 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}

{#- A number as people write it: 5, not 5.0000. -#}
{% macro number_text(number) -%}
    case
        when {{ number }} = floor({{ number }}) then {{ digits(number) }}
        else cast({{ number }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

{#- Two neighbouring digits changed places: 36 for 63. -#}
{% macro digits_transposed(was, should_be, longest=12) -%}
    (
        length({{ was }}) = length({{ should_be }})
        and (
            {% for i in range(1, longest) %}
                (
                    {{ was }} <> {{ should_be }}
                    and concat(
                        substr({{ was }}, 1, {{ i - 1 }}), substr({{ was }}, {{ i + 1 }}, 1),
                        substr({{ was }}, {{ i }}, 1), substr({{ was }}, {{ i + 2 }})
                    ) = {{ should_be }}
                ){% if not loop.last %} or{% endif %}
            {% endfor %}
        )
    )
{%- endmacro %}

{#- The longer number with one digit struck out is the shorter one: 1126 for 126. -#}
{% macro one_digit_more(longer, shorter, longest=12) -%}
    (
        length({{ longer }}) = length({{ shorter }}) + 1
        and (
            {% for i in range(1, longest + 1) %}
                concat(
                    substr({{ longer }}, 1, {{ i - 1 }}), substr({{ longer }}, {{ i + 1 }})
                ) = {{ shorter }}{% if not loop.last %} or{% endif %}
            {% endfor %}
        )
    )
{%- endmacro %}
