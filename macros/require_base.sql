{#- To ask beforehand, by `dbt run-operation require_base`, whether `--selector increment` can be built. -#}
{% macro require_base() %}
    {% if not can_go_on() %}
        {% do exceptions.raise_compiler_error(no_base()) %}
    {% endif %}
{% endmacro %}
