-- Every current report is judged on every identity in as many slices as its form and its prose have, counted report by
-- report and identity by identity. Reports with the same lines have the same slices, which are counted once for all of
-- them. That no slice is judged twice is the key of fct_identity_checks.
with reports as (

    select * from {{ ref('int_reports') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}

),

review_rows as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

narrative_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}

),

-- the slices that a cell of the left side opens in the report's own checks
openings as (

    select distinct
        form_table,
        line_code,
        column_code,
        identity_id,
        layout,
        has_members,
        slice_by,
        slice,
        subtotals
    from {{ ref('int_identity_terms') }}
    where side = 'left' and scope = 'own' and year_offset = 0

),

-- rows are known by their line: how many slices of an identity a row opens, all its columns together
slices_of_rows as (

    select
        form_table,
        line_code,
        identity_id,
        layout,
        has_members,
        slice_by,
        subtotals,
        count(distinct slice) as slices
    from openings
    where form_table in ('requests', 'reviews')
    group by form_table, line_code, identity_id, layout, has_members, slice_by, subtotals

),

rows_printed as {{ read_in_place() }} (

    select
        report_id,
        'requests' as form_table,
        line_code,
        cast(null as {{ dbt.type_string() }}) as column_code,
        is_subtotal
    from request_rows
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        cast(null as {{ dbt.type_string() }}) as column_code,
        false as is_subtotal
    from review_rows
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        false as is_subtotal
    from disclosure_cells
    union all
    select
        report_id,
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code,
        false as is_subtotal
    from narrative_figures

),

shapes_of_reports as (

    select
        report_id,
        {{ hash_of_rows(['form_table', 'line_code', 'column_code', 'is_subtotal']) }} as shape
    from rows_printed
    group by report_id

),

reports_with_shapes as (

    select
        reports.report_id,
        min(reports.report_id) over (
            partition by reports.layout, reports.is_consolidated, shapes_of_reports.shape
        ) as first_report_id
    from reports
    inner join shapes_of_reports on reports.report_id = shapes_of_reports.report_id

),

first_reports as (

    select
        reports.report_id,
        reports.layout,
        reports.is_consolidated
    from reports
    inner join reports_with_shapes
        on
            reports.report_id = reports_with_shapes.report_id
            and reports.report_id = reports_with_shapes.first_report_id

),

rows_of_first_reports as (

    select rows_printed.*
    from rows_printed
    inner join first_reports on rows_printed.report_id = first_reports.report_id

),

openings_of_reports as (

    select
        rows_printed.report_id,
        slices_of_rows.identity_id,
        slices_of_rows.layout,
        slices_of_rows.has_members,
        slices_of_rows.slice_by,
        slices_of_rows.slices
    from rows_of_first_reports as rows_printed
    inner join slices_of_rows
        on
            rows_printed.form_table = slices_of_rows.form_table
            and rows_printed.line_code = slices_of_rows.line_code
    where
        case
            when rows_printed.is_subtotal then slices_of_rows.subtotals <> 'left_out'
            else slices_of_rows.subtotals <> 'only'
        end
    union all
    select
        rows_printed.report_id,
        openings.identity_id,
        openings.layout,
        openings.has_members,
        openings.slice_by,
        1 as slices
    from rows_of_first_reports as rows_printed
    inner join openings
        on
            rows_printed.form_table = openings.form_table
            and rows_printed.line_code = openings.line_code
            and rows_printed.column_code = openings.column_code
    where openings.form_table in ('disclosures', 'narrative')

),

-- lines are slices of their own; the rows of a column, or of a check without slices, are in the same ones
expected_of_first_reports as (

    select
        openings_of_reports.report_id,
        openings_of_reports.identity_id,
        case
            when openings_of_reports.slice_by = 'line' then sum(openings_of_reports.slices)
            else max(openings_of_reports.slices)
        end as slices
    from openings_of_reports
    inner join first_reports on openings_of_reports.report_id = first_reports.report_id
    where
        (openings_of_reports.layout is null or openings_of_reports.layout = first_reports.layout)
        and (not openings_of_reports.has_members or first_reports.is_consolidated)
    group by openings_of_reports.report_id, openings_of_reports.identity_id, openings_of_reports.slice_by

),

checks_of_first_reports as (

    select
        report_id,
        sum(slices) as checks
    from expected_of_first_reports
    group by report_id

),

reports_alike as (

    select
        first_report_id,
        count(*) as reports
    from reports_with_shapes
    group by first_report_id

),

expected_counts as (

    select
        reports_with_shapes.report_id,
        cast(null as {{ dbt.type_string() }}) as identity_id,
        checks_of_first_reports.checks
    from reports_with_shapes
    inner join checks_of_first_reports on reports_with_shapes.first_report_id = checks_of_first_reports.report_id
    union all
    select
        cast(null as {{ dbt.type_string() }}) as report_id,
        expected_of_first_reports.identity_id,
        sum(expected_of_first_reports.slices * reports_alike.reports) as checks
    from expected_of_first_reports
    inner join reports_alike on expected_of_first_reports.report_id = reports_alike.first_report_id
    group by expected_of_first_reports.identity_id

),

found_counts as (

    select
        report_id,
        cast(null as {{ dbt.type_string() }}) as identity_id,
        count(*) as checks
    from checks
    group by report_id
    union all
    select
        cast(null as {{ dbt.type_string() }}) as report_id,
        identity_id,
        count(*) as checks
    from checks
    group by identity_id

)

select
    coalesce(expected_counts.report_id, found_counts.report_id) as report_id,
    coalesce(expected_counts.identity_id, found_counts.identity_id) as identity_id,
    expected_counts.checks as expected,
    found_counts.checks as found
from expected_counts
full outer join found_counts
    on
        coalesce(expected_counts.report_id, '') = coalesce(found_counts.report_id, '')
        and coalesce(expected_counts.identity_id, '') = coalesce(found_counts.identity_id, '')
where expected_counts.checks is distinct from found_counts.checks
