{% from 'audit/queries/seen.sql' import seen_in %}
-- The terms are cells of the same row: they are summed across it, and no row is added to another.
select
    report_id,
    {% if identity.slice_by == 'line' %}{{ line }}{% else %}'all'{% endif %} as slice,
    {% for weight, side in [('left_weight', 'lhs'), ('right_weight', 'rhs')] %}
        0
        {% for term in terms if term[weight] %}
            + {{ term[weight] }} * coalesce({{ term.column_code }}, 0)
        {% endfor %}
        as {{ side }},
    {% endfor %}
    {% for term in terms %}
        {{ seen_in(term.column_code ~ '_status', term.seen) }}
        {% if not loop.last %}|{% endif %}
    {% endfor %}
    as seen,
    {{ terms_required }} as terms_found
from {{ rows }}
where
    true
    {% if terms[0].line_code %}and {{ line }} = '{{ terms[0].line_code }}'{% endif %}
    {% if rows == 'intermediate.int_request_rows' and not identity.takes_subtotals %}and not is_subtotal{% endif %}
    {% include 'audit/queries/of_reports_checked.sql' %}
