-- The cells of a place under the report that is checked. A cell that the report has and one of its members has not is
-- there with no number and no status.
with cells_there as (

    {% include 'audit/queries/cells_of_table.sql' %}

)

{% if place.scope == 'members' and place.year_offset == 0 %}
    , members as (

        {% include 'audit/queries/members.sql' %}

    )

    select members.report_id, cells_there.* exclude (report_id)
    from members
    inner join cells_there on members.source_report_id = cells_there.report_id
    union all
    select due.* exclude (source_report_id)
    from (
        select
            members.source_report_id,
            members.report_id,
            cells_there.line_code,
            cells_there.column_code,
            false as is_signed,
            null as value,
            null as status
        from members
        inner join cells_there using (report_id)
    ) as due
    anti join cells_there
        on
            due.source_report_id = cells_there.report_id
            and due.line_code = cells_there.line_code
            and due.column_code = cells_there.column_code
{% elif place.scope == 'members' %}
    -- whom a report of another year adds up is not told: no cell is found
    select * from cells_there
    where false
{% elif place.year_offset %}
    {% set year_offset = place.year_offset %}
    select sources.report_id, cells_there.* exclude (report_id)
    from cells_there
    inner join ({% include 'audit/queries/reports_of_year.sql' %}) as sources
        on cells_there.report_id = sources.source_report_id
{% else %}
    select * from cells_there
{% endif %}
