-- Table 四, one row for each report, channel and result; the printed totals are left out.
with rows_of_reviews as (

    select * from {{ ref('int_review_rows') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}
    where form_table = 'reviews'

),

broken_cells as (

    select * from {{ ref('broken_cells') }}
    where form_table = 'reviews'

),

doubtful_cells as (

    select * from {{ ref('doubtful_cells') }}
    where form_table = 'reviews'

),

cells as (

    select
        report_id,
        channel,
        column_code as result,
        value as reported_value,
        value_status
    from {{ unpivoted('rows_of_reviews', result_columns() | reject('equalto', 'total') | list, {
        'value': '{}', 'value_status': '{}_status',
    }) }}

),

final as (

    select
        cells.report_id,
        reports.agency_id,
        reports.report_year,
        cells.channel,
        cells.result,
        coalesce(cast(corrected_cells.value as bigint), cells.reported_value) as value,
        cells.reported_value,
        cells.value_status,
        coalesce(broken_cells.broken_checks, 0) = 0 as is_consistent,
        coalesce(broken_cells.broken_checks_on_values, 0) = 0 as value_is_consistent,
        reports.is_consolidated,
        doubtful_cells.report_id is not null as is_doubtful
    from cells
    inner join reports on cells.report_id = reports.report_id
    left join corrected_cells
        on
            cells.report_id = corrected_cells.report_id
            and cells.channel = corrected_cells.line_code
            and cells.result = corrected_cells.column_code
    left join broken_cells
        on
            cells.report_id = broken_cells.report_id
            and cells.channel = broken_cells.line_code
            and cells.result = broken_cells.column_code
    left join doubtful_cells
        on
            cells.report_id = doubtful_cells.report_id
            and cells.channel = doubtful_cells.line_code
            and cells.result = doubtful_cells.column_code

)

select * from final
