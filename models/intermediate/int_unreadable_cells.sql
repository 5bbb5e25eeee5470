-- The cells of the three tables whose text is no number, with that text.
with request_rows as (

    select * from {{ ref('int_request_rows') }}
    where 'unreadable' in ({{ applicant_columns() | join('_status, ') }}_status)

),

review_rows as (

    select * from {{ ref('int_review_rows') }}
    where 'unreadable' in ({{ result_columns() | join('_status, ') }}_status)

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}
    where value_status = 'unreadable'

),

cells as (

    select *
    from (
        {{ cells_of('request_rows', 'review_rows', 'disclosure_cells') }}
    ) as all_cells
    where value_status = 'unreadable'

),

{% for table in ['requests', 'reviews', 'disclosures'] %}
    {{ table }} as (

        select * from {{ ref('stg_' ~ table) }}
        where {{ is_among('report_id', 'cells', 'report_id') }}

    ),

{% endfor %}
printed_cells as (

    {{ printed_cells_of('requests', 'reviews', 'disclosures') }}

),

final as (

    select
        cells.report_id,
        cells.form_table,
        cells.line_code,
        cells.column_code,
        printed_cells.printed
    from cells
    inner join printed_cells
        on
            cells.report_id = printed_cells.report_id
            and cells.form_table = printed_cells.form_table
            and cells.line_code = printed_cells.line_code
            and cells.column_code = printed_cells.column_code

)

select * from final
