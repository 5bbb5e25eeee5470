{#- At the end of a build: the broken identities and the texts that could not be read, in plain lines. -#}
{% macro log_findings(at_most=100) %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set built = {} %}
        {% for result in results if result.status == 'success' %}
            {% do built.update({result.node.name: result.node.relation_name}) %}
        {% endfor %}
        {% if 'fct_identity_checks' in built and 'printed_cells' in built and 'int_unreported_cells' in built %}
            {% set broken %}
                select report_id, identity_id, slice, lhs, rhs
                from {{ built['fct_identity_checks'] }}
                where status = 'broken' and not is_acknowledged
                order by report_id, identity_id, slice
            {% endset %}
            {% set rows = run_query(broken).rows %}
            {% do log(
                rows | length ~ ' broken identity checks are not acknowledged (quality.fct_identity_checks):', info=True
            ) %}
            {% for row in rows[:at_most] %}
                {% do log(
                    '  ' ~ row['report_id'] ~ '  ' ~ row['identity_id'] ~ '  ' ~ row['slice']
                    ~ '  left ' ~ (row['lhs'] | int) ~ ', right ' ~ (row['rhs'] | int), info=True
                ) %}
            {% endfor %}
            {% if rows | length > at_most %}
                {% do log('  ... and ' ~ (rows | length - at_most) ~ ' more', info=True) %}
            {% endif %}

            {% set unreadable %}
                select printed_cells.printed, count(*) as cells, count(distinct cells.report_id) as reports
                from {{ built['int_unreported_cells'] }} as cells
                inner join {{ built['printed_cells'] }} as printed_cells
                    on cells.report_id = printed_cells.report_id
                    and cells.form_table = printed_cells.form_table
                    and cells.line_code = printed_cells.line_code
                    and cells.column_code = printed_cells.column_code
                where cells.value_status = 'unreadable'
                group by printed_cells.printed
                order by cells desc, printed_cells.printed
            {% endset %}
            {% for row in run_query(unreadable).rows[:at_most] %}
                {% do log(
                    "unreadable: '" ~ row['printed'] ~ "' in " ~ row['cells'] ~ ' cells of '
                    ~ row['reports'] ~ ' reports',
                    info=True
                ) %}
            {% endfor %}
        {% endif %}
    {% endif %}
{% endmacro %}
