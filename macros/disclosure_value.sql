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
