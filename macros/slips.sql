{#- The slips of the hand that turn one printed number into another, as conditions over two numbers. -#}

{% macro digits(number) -%}
    cast(cast(round({{ number }}, 0) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro number_text(number) -%}
    case
        when {{ number }} = floor({{ number }}) then {{ digits(number) }}
        else cast({{ number }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

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
