{% if identity.layout or identity.is_rollup %}
    -- an identity may be for one layout, and roll-ups are for consolidated reports
    and report_id in (
        select report_id
        from intermediate.int_reports
        where
            true
            {% if identity.layout %}and layout = '{{ identity.layout }}'{% endif %}
            {% if identity.is_rollup %}and is_consolidated{% endif %}
    )
{% endif %}
