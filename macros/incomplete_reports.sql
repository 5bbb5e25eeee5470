{% macro incomplete_reports(rows, form, place, has_variants=false) -%}
    places_due as (

        select
            layout,
            count(*) as places
        from {{ form }}
        {{ 'where not is_variant' if has_variants }}
        group by layout

    ),

    places_printed as (

        select
            {{ rows }}.report_id,
            {{ form }}.layout,
            count(*) as places
        from {{ rows }}
        inner join {{ form }}
            on
                {% for column in place %}
                    {{ 'and ' if not loop.first }}{{ rows }}.{{ column }} = {{ form }}.{{ column }}
                {% endfor %}
        {{ 'where not ' ~ form ~ '.is_variant' if has_variants }}
        group by {{ rows }}.report_id, {{ form }}.layout

    ),

    complete_reports as (

        select reports.report_id
        from reports
        inner join places_due on reports.layout = places_due.layout
        inner join places_printed
            on
                reports.report_id = places_printed.report_id
                and reports.layout = places_printed.layout
                and places_due.places = places_printed.places

    ),

    incomplete_reports as (

        select reports.*
        from reports
        left join complete_reports on reports.report_id = complete_reports.report_id
        where complete_reports.report_id is null

    )
{%- endmacro %}
