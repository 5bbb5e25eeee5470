{#-
    The entries that stewards made, at the current editions of the reports that they name: of entries for several
    editions the one for the current edition, else the latest. `keys` tell a report's entries apart; `entries` and
    `editions` are CTEs.
-#}
{% macro at_current_editions(entries, keys, other_columns, entered_on) -%}
    {%- set report_id = 'coalesce(editions.current_report_id, ' ~ entries ~ '.report_id)' -%}
    select
        {{ report_id }} as report_id,
        {{ entries }}.report_id as named_report_id,
        {% for column in keys + other_columns %}
            {{ entries }}.{{ column }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from {{ entries }}
    left join editions on {{ entries }}.report_id = editions.report_id
    qualify
        row_number() over (
            partition by
                {{ report_id }}
                {%- for key in keys %},
                {{ entries }}.{{ key }}
                {%- endfor %}
            order by
                case when {{ entries }}.report_id = editions.current_report_id then 0 else 1 end,
                {{ entries }}.{{ entered_on }} desc,
                {{ entries }}.report_id desc
        ) = 1
{%- endmacro %}
