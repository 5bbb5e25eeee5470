{#-
    The landed reports of one set of tables, typed: `three_tables` of the form since 2019, or `statistics`, the annex
    before it. `raw_reports` and `layouts` are CTEs. A layout that no seed knows counts with the three tables, where it
    is tested.
-#}
{% macro typed_reports(table_set) -%}
    select
        raw_reports.report_id,
        raw_reports.agency_id,
        raw_reports.agency_name,
        cast(raw_reports.report_year as integer) as report_year,
        raw_reports.layout,
        cast(raw_reports.revision as integer) as revision,
        raw_reports.title,
        try_cast(substr(raw_reports.published_on, 1, 10) as date) as published_on,
        try_cast(raw_reports.published_on as timestamp) as published_at,
        raw_reports.source_url,
        raw_reports.source_document,
        raw_reports.source_sha256,
        cast(raw_reports.landed_on as date) as landed_on
    from raw_reports
    left join layouts on raw_reports.layout = layouts.layout
    where coalesce(layouts.table_set, 'three_tables') = '{{ table_set }}'
{%- endmacro %}
