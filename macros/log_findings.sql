{% macro log_findings(at_most=200) %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set built = {} %}
        {% for result in results if result.status == 'success' %}
            {% do built.update({result.node.name: result.node.relation_name}) %}
        {% endfor %}
        {% if 'issues' in built and 'int_unreadable_cells' in built %}
            {% set errors %}
                from {{ built['issues'] }}
                where severity = 'error' and not is_acknowledged
            {% endset %}
            {% set found = run_query('select count(*) ' ~ errors).columns[0].values()[0] %}
            {% do log(found ~ ' broken identity checks of severity error are not acknowledged:', info=True) %}
            {% set first_errors %}
                select report_id, identity_id, slice, lhs, rhs
                {{ errors }}
                order by report_id, identity_id, slice
                limit {{ at_most }}
            {% endset %}
            {% for row in run_query(first_errors).rows %}
                {% do log(
                    '  ' ~ row['report_id'] ~ '  ' ~ row['identity_id'] ~ '  ' ~ row['slice']
                    ~ '  left ' ~ (row['lhs'] | int) ~ ', right ' ~ (row['rhs'] | int), info=True
                ) %}
            {% endfor %}
            {% if found > at_most %}
                {% do log('  ... and ' ~ (found - at_most) ~ ' more in quality.issues', info=True) %}
            {% endif %}

            {% set warnings %}
                select identity_id, count(*) as checks
                from {{ built['issues'] }}
                where severity = 'warning' and not is_acknowledged
                group by identity_id
                order by identity_id
            {% endset %}
            {% for row in run_query(warnings).rows %}
                {% do log(row['checks'] ~ ' of severity warning: ' ~ row['identity_id'], info=True) %}
            {% endfor %}

            {% set unreadable %}
                select printed, count(*) as cells, count(distinct report_id) as reports
                from {{ built['int_unreadable_cells'] }}
                group by printed
                order by cells desc, printed
                limit {{ at_most }}
            {% endset %}
            {% for row in run_query(unreadable).rows %}
                {% do log(
                    "unreadable: '" ~ row['printed'] ~ "' in " ~ row['cells'] ~ ' cells of '
                    ~ row['reports'] ~ ' reports',
                    info=True
                ) %}
            {% endfor %}
        {% endif %}
        {% for result in results if result.status in ('fail', 'warn') and result.node.resource_type == 'test' %}
            {% set rows = run_query(result.node.compiled_code).rows %}
            {% do log(result.node.name ~ ' found ' ~ rows | length ~ ' rows:', info=True) %}
            {% for row in rows[:at_most] %}
                {% set cells = [] %}
                {% for column in row.keys() if row[column] is not none %}
                    {% do cells.append(column ~ '=' ~ row[column]) %}
                {% endfor %}
                {% do log('  ' ~ cells | join(', '), info=True) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}
