-- Cells of a current revision whose printed text is not what an earlier revision printed.
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

all_revisions as (

    select * from {{ ref('stg_reports') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

earlier_revisions as (

    select
        reports.report_id,
        all_revisions.report_id as earlier_report_id
    from reports
    inner join all_revisions
        on
            reports.agency_id = all_revisions.agency_id
            and reports.report_year = all_revisions.report_year
            and reports.report_id <> all_revisions.report_id

),

reports_restated as (

    select report_id
    from earlier_revisions
    union
    select earlier_report_id as report_id
    from earlier_revisions

),

{% for table in ['requests', 'reviews', 'disclosures'] %}
    {{ table }}_restated as (

        select * from {{ table }}
        where {{ is_among('report_id', 'reports_restated', 'report_id') }}

    ),

{% endfor %}
cells as (

    {{ printed_cells_of('requests_restated', 'reviews_restated', 'disclosures_restated') }}

),

final as (

    select distinct
        current_cells.report_id,
        current_cells.form_table,
        current_cells.line_code,
        current_cells.column_code
    from earlier_revisions
    inner join cells as current_cells on earlier_revisions.report_id = current_cells.report_id
    inner join cells as earlier_cells
        on
            earlier_revisions.earlier_report_id = earlier_cells.report_id
            and current_cells.form_table = earlier_cells.form_table
            and current_cells.line_code = earlier_cells.line_code
            and current_cells.column_code = earlier_cells.column_code
    where current_cells.printed is distinct from earlier_cells.printed

)

select * from final
