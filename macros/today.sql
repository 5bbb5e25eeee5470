{#- The day whose state is built: today, unless another was asked for (gouji build --as-of). -#}
{% macro today() -%}
    {%- set day = var('as_of', env_var('GOUJI_AS_OF', '')) -%}
    {{ "cast('" ~ day ~ "' as date)" if day else 'current_date' }}
{%- endmacro %}
