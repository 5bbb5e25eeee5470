-- Tables and parts of them that are 0 after two busy years.
with reports as (

    select * from {{ ref('int_reports') }}

),

contents as (

    select * from {{ ref('int_table_contents') }}
    where numbers > 0

),

new_requests as (

    select * from {{ ref('int_request_rows') }}
    where line_code = 'new_requests'

),

review_rows as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}
    where measure_code = 'decisions'

),

bounds_of_parts as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'part_left_zero'

),

bounds_of_tables as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'table_left_zero'

),

parts as (

    {{ counts_beside_other_years('reports', 'new_requests', applicant_types(), 'review_rows', 'disclosure_cells') }}

),

-- most parts never have a size that matters, or are never 0: they are left out before anything is sorted
series_of_size as (

    select
        parts.agency_id,
        parts.form_table,
        parts.line_code,
        parts.column_code
    from parts
    inner join bounds_of_parts on parts.form_table = bounds_of_parts.form_table
    group by parts.agency_id, parts.form_table, parts.line_code, parts.column_code
    having max(parts.value) >= max(bounds_of_parts.count_at_least) and min(parts.value) = 0

),

parts_of_size as (

    select parts.*
    from parts
    inner join series_of_size
        on
            parts.agency_id = series_of_size.agency_id
            and parts.form_table = series_of_size.form_table
            and parts.line_code = series_of_size.line_code
            and parts.column_code = series_of_size.column_code

),

usual_parts as (

    select
        agency_id,
        form_table,
        line_code,
        column_code,
        median(cast(value as double)) as usual_value
    from parts_of_size
    group by agency_id, form_table, line_code, column_code

),

parts_beside_the_two_before as (

    select
        *,
        min(value) over two_before as least_before,
        count(*) over two_before as reports_before
    from parts_of_size
    window two_before as (
        partition by agency_id, form_table, line_code, column_code
        order by report_year
        rows between 2 preceding and 1 preceding
    )

),

parts_left_zero as (

    select
        parts_beside_the_two_before.report_id,
        parts_beside_the_two_before.agency_id,
        'part_left_zero' as sanity_check_id,
        parts_beside_the_two_before.form_table,
        parts_beside_the_two_before.line_code,
        parts_beside_the_two_before.column_code,
        parts_beside_the_two_before.value,
        usual_parts.usual_value
    from parts_beside_the_two_before
    inner join bounds_of_parts
        on
            parts_beside_the_two_before.form_table = bounds_of_parts.form_table
            and parts_beside_the_two_before.least_before >= bounds_of_parts.count_at_least
    inner join usual_parts
        on
            parts_beside_the_two_before.agency_id = usual_parts.agency_id
            and parts_beside_the_two_before.form_table = usual_parts.form_table
            and parts_beside_the_two_before.line_code = usual_parts.line_code
            and parts_beside_the_two_before.column_code = usual_parts.column_code
    left join contents
        on
            parts_beside_the_two_before.report_id = contents.report_id
            and parts_beside_the_two_before.form_table = contents.form_table
    where
        parts_beside_the_two_before.value = 0
        and parts_beside_the_two_before.reports_before = 2
        -- where all of the table is left 0, that is said
        and coalesce(contents.largest, 1) > 0

),

tables_beside_the_two_before as (

    select
        contents.report_id,
        contents.form_table,
        contents.largest,
        reports.agency_id,
        min(contents.largest) over two_before as least_before,
        count(*) over two_before as reports_before
    from contents
    inner join reports on contents.report_id = reports.report_id
    window two_before as (
        -- table 二 has other cells in each layout
        partition by
            reports.agency_id,
            contents.form_table,
            case when contents.form_table = 'disclosures' then reports.layout end
        order by reports.report_year
        rows between 2 preceding and 1 preceding
    )

),

tables_left_zero as (

    select
        tables_beside_the_two_before.report_id,
        tables_beside_the_two_before.agency_id,
        'table_left_zero' as sanity_check_id,
        tables_beside_the_two_before.form_table,
        'all' as line_code,
        'all' as column_code,
        0 as value,
        cast(null as double) as usual_value
    from tables_beside_the_two_before
    inner join bounds_of_tables
        on
            tables_beside_the_two_before.form_table = bounds_of_tables.form_table
            and tables_beside_the_two_before.least_before >= bounds_of_tables.count_at_least
    where
        tables_beside_the_two_before.largest = 0
        and tables_beside_the_two_before.reports_before = 2

),

final as (

    select * from parts_left_zero
    union all
    select * from tables_left_zero

)

select * from final
