{% macro disclosure_value(kind, numbers, form_factor) -%}
    case
        when {{ kind }} = 'amount'
            then cast(
                {{ numbers }}.amount_number * coalesce({{ numbers }}.unit_factor, {{ form_factor }}) as decimal(28, 4)
            )
        when {{ kind }} = 'change' then cast({{ numbers }}.change_value as decimal(28, 4))
        else cast({{ numbers }}.count_value as decimal(28, 4))
    end
{%- endmacro %}

{#- What its text is read as. -#}
{% macro disclosure_status(kind, numbers) -%}
    case {{ kind }}
        when 'amount' then {{ numbers }}.amount_status
        when 'change' then {{ numbers }}.change_status
        else {{ numbers }}.count_status
    end
{%- endmacro %}
