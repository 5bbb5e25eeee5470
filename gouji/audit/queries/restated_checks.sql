{% set year_offset = term.year_offset %}
-- The checks of which a term of another year was restated since: an earlier revision printed the cell otherwise.
with revised as materialized (

    select reports.report_id, earlier.report_id as earlier_report_id
    from intermediate.int_reports as reports
    inner join staging.stg_reports as earlier
        on reports.agency_id = earlier.agency_id
        and reports.report_year = earlier.report_year
        and reports.report_id <> earlier.report_id

),

printed as materialized (

    select *
    from (
        {% if term.form_table == 'disclosures' %}
            select report_id, line_code, measure_code as column_code, printed
            from staging.stg_disclosures
        {% else %}
            from (
                {% if term.form_table == 'requests' %}
                    select * from staging.stg_requests
                {% else %}
                    select * rename (channel as line_code) from staging.stg_reviews
                {% endif %}
            )
            unpivot include nulls (printed for column_code in (* exclude (report_id, line_code)))
        {% endif %}
    )
    where report_id in (
        select report_id from revised union all select earlier_report_id from revised
    )

)

select
    sources.report_id,
    {{ {'column': 'cells.column_code', 'line': 'cells.line_code'}.get(identity.slice_by, "'all'") }} as slice
from printed as cells
inner join revised using (report_id)
inner join printed as earlier
    on revised.earlier_report_id = earlier.report_id
    and cells.line_code = earlier.line_code
    and cells.column_code = earlier.column_code
inner join ({% include 'audit/queries/reports_of_year.sql' %}) as sources
    on cells.report_id = sources.source_report_id
where
    cells.printed is distinct from earlier.printed
    {% if term.line_code %}and cells.line_code = '{{ term.line_code }}'{% endif %}
    {% if term.column_code %}and cells.column_code = '{{ term.column_code }}'{% endif %}
