-- The cells of a place under the report that is checked.
with cells_there as (

    {% include 'audit/queries/cells_of_table.sql' %}

)

{% if place.scope == 'members' and place.year_offset == 0 %}
    select members.report_id, cells_there.* exclude (report_id)
    from ({% include 'audit/queries/members.sql' %}) as members
    inner join cells_there on members.source_report_id = cells_there.report_id
{% elif place.scope == 'members' %}
    -- whom a report of another year adds up is not told: no cell is found
    select * from cells_there
    where false
{% elif place.year_offset %}
    {% set year_offset = place.year_offset %}
    {% set form_table = place.form_table %}
    select sources.report_id, cells_there.* exclude (report_id)
    from cells_there
    inner join ({% include 'audit/queries/reports_of_year.sql' %}) as sources
        on cells_there.report_id = sources.source_report_id
{% else %}
    select * from cells_there
    where
        true
        {% include 'audit/queries/of_reports_checked.sql' %}
{% endif %}
