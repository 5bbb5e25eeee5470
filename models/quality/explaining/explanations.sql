-- The changes of cells that would mend broken checks, one row each: what kind of slip each looks like, and how likely
-- it is. Which of them compete, and how they rank, is said in suspect_cells.
with mended_checks as (

    select * from {{ ref('mended_checks') }}

),

cell_edits as (

    select * from {{ ref('cell_edits') }}

),

-- the breaks beside a hypothesis are those of its own report, and of the one whose check it mends
reports_with_breaks as (

    select report_id from mended_checks
    union
    select check_report_id as report_id from mended_checks

),

check_cells as (

    select * from {{ whole('check_cells') }}
    where {{ is_among('report_id', 'reports_with_breaks', 'report_id') }}

),

reports as (

    select * from {{ whole('int_reports') }}

),

form_lines as (

    select * from {{ ref('dim_form_line') }}

),

slip_kinds as (

    select * from {{ ref('slip_kinds') }}

),

table_moves as (

    select
        move,
        max(kind) as kind,
        max(closed_by) as closed_by
    from {{ ref('table_moves') }}
    group by move

),

columns_in_order as (

    select
        'requests' as form_table,
        applicant_type as column_code,
        type_order as column_order,
        kind = 'total' as is_total
    from {{ ref('applicant_types') }}
    union all
    select
        'reviews' as form_table,
        code as column_code,
        code_order as column_order,
        kind = 'total' as is_total
    from {{ ref('channels_results') }}
    where dimension = 'result'

),

hypotheses as (

    select
        report_id,
        hypothesis_id,
        pattern,
        hypothesis,
        cells,
        count(*) as checks_mended,
        min(concat(check_report_id, ' ', identity_id, ' ', slice)) as first_check,
        {{ dbt.listagg(
            "concat(check_report_id, ' ', identity_id, ' ', slice)",
            "'; '",
            'order by check_report_id, identity_id, slice'
        ) }} as mends
    from mended_checks
    group by report_id, hypothesis_id, pattern, hypothesis, cells

),

edits as (

    select
        hypotheses.report_id,
        reports.agency_id,
        reports.report_year,
        hypotheses.hypothesis_id,
        hypotheses.pattern,
        hypotheses.hypothesis,
        cell_edits.form_table,
        cell_edits.line_code,
        cell_edits.column_code,
        cell_edits.reported_value,
        cell_edits.implied_value,
        {{ digits('cell_edits.reported_value') }} as was,
        {{ digits('cell_edits.implied_value') }} as should_be,
        cell_edits.column_code = 'total' or coalesce(form_lines.stage = 'outcome_total', false) as is_total,
        form_lines.line_order,
        columns_in_order.column_order
    from hypotheses
    inner join cell_edits
        on
            hypotheses.report_id = cell_edits.report_id
            and hypotheses.pattern = cell_edits.pattern
            and hypotheses.hypothesis = cell_edits.hypothesis
    inner join reports on hypotheses.report_id = reports.report_id
    left join form_lines on cell_edits.line_code = form_lines.line_code
    left join columns_in_order
        on
            cell_edits.form_table = columns_in_order.form_table
            and cell_edits.column_code = columns_in_order.column_code

),

-- the reports whose cells are explained, and the earlier ones of their bodies
reports_looked_at as (

    select distinct
        reports.report_id,
        reports.agency_id,
        reports.report_year
    from edits
    inner join reports on edits.agency_id = reports.agency_id and edits.report_year >= reports.report_year

),

{{ rows_of_cells('reports_looked_at') }}
cells as (

    select
        all_cells.*,
        reports_looked_at.agency_id,
        reports_looked_at.report_year
    from (
        {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}
    ) as all_cells
    inner join reports_looked_at on all_cells.report_id = reports_looked_at.report_id
    where all_cells.value_status = 'reported' and all_cells.value <> 0

),

-- the same cell with the same number in the body's earlier reports
earlier_years as (

    select
        edits.report_id,
        edits.hypothesis_id,
        edits.form_table,
        edits.line_code,
        edits.column_code,
        max(case when cells.report_year = edits.report_year - 1 then 1 else 0 end) = 1 as is_last_years
    from edits
    inner join cells
        on
            edits.agency_id = cells.agency_id
            and edits.report_year > cells.report_year
            and edits.form_table = cells.form_table
            and edits.line_code = cells.line_code
            and edits.column_code = cells.column_code
            and edits.reported_value = cells.value
    where edits.reported_value <> 0
    group by edits.report_id, edits.hypothesis_id, edits.form_table, edits.line_code, edits.column_code

),

-- the parts of each row that are not 0
parts as (

    select
        cells.report_id,
        cells.form_table,
        cells.line_code,
        cells.value,
        columns_in_order.column_order,
        count(*) over (partition by cells.report_id, cells.form_table, cells.line_code) as parts_of_row
    from cells
    inner join columns_in_order
        on cells.form_table = columns_in_order.form_table and cells.column_code = columns_in_order.column_code
    where not columns_in_order.is_total

),

-- the same number in the column beside it
beside as (

    select distinct
        edits.report_id,
        edits.hypothesis_id,
        edits.line_code,
        edits.column_code
    from edits
    inner join parts
        on
            edits.report_id = parts.report_id
            and edits.form_table = parts.form_table
            and edits.line_code = parts.line_code
            and edits.reported_value = parts.value
            and abs(edits.column_order - parts.column_order) = 1
    where not edits.is_total

),

-- a row that one part holds whole
rows_under_one_column as (

    select
        report_id,
        line_code
    from parts
    where form_table = 'requests' and parts_of_row = 1

),

-- totals that lack exactly one of their parts
parts_left_out as (

    select distinct
        edits.report_id,
        edits.hypothesis_id,
        edits.form_table,
        edits.line_code,
        edits.column_code
    from edits
    inner join check_cells as totals
        on
            edits.report_id = totals.report_id
            and edits.form_table = totals.form_table
            and edits.line_code = totals.line_code
            and edits.column_code = totals.column_code
    inner join check_cells as parts
        on
            totals.report_id = parts.report_id
            and totals.check_report_id = parts.check_report_id
            and totals.identity_id = parts.identity_id
            and totals.slice = parts.slice
            and totals.coefficient * parts.coefficient < 0
            and edits.implied_value - edits.reported_value = parts.value
    where edits.is_total and parts.value <> 0 and totals.is_broken

),

slips as (

    select
        edits.*,
        case
            when edits.is_total and edits.reported_value = 0 then 'total_left_zero'
            when edits.column_code = 'change' and edits.implied_value = -edits.reported_value then 'sign_lost'
            when
                edits.reported_value <> 0 and edits.implied_value <> 0
                and (
                    edits.implied_value = edits.reported_value * 10
                    or edits.reported_value = edits.implied_value * 10
                )
                then 'factor_ten'
            when
                edits.reported_value <> 0 and edits.implied_value <> 0
                and (
                    edits.implied_value = edits.reported_value * 10000
                    or edits.reported_value = edits.implied_value * 10000
                )
                then 'factor_ten_thousand'
            when {{ digits_transposed('edits.was', 'edits.should_be') }} then 'digits_transposed'
            when edits.reported_value = 0 and edits.form_table in ('requests', 'reviews') and not edits.is_total
                then 'part_left_zero'
            when beside.report_id is not null then 'neighbouring_column'
            when earlier_years.is_last_years then 'kept_from_last_year'
            when parts_left_out.report_id is not null then 'part_left_out'
            when edits.implied_value <> 0 and {{ one_digit_more('edits.was', 'edits.should_be') }}
                then 'digit_too_many'
            when edits.reported_value <> 0 and {{ one_digit_more('edits.should_be', 'edits.was') }}
                then 'digit_too_few'
            when abs(edits.implied_value - edits.reported_value) = 1 then 'off_by_one'
            when edits.form_table = 'narrative' then 'prose_differs'
            else 'other'
        end as cell_kind,
        earlier_years.report_id is not null as is_earlier_years
    from edits
    left join beside
        on
            edits.report_id = beside.report_id
            and edits.hypothesis_id = beside.hypothesis_id
            and edits.line_code = beside.line_code
            and edits.column_code = beside.column_code
    left join earlier_years
        on
            edits.report_id = earlier_years.report_id
            and edits.hypothesis_id = earlier_years.hypothesis_id
            and edits.form_table = earlier_years.form_table
            and edits.line_code = earlier_years.line_code
            and edits.column_code = earlier_years.column_code
    left join parts_left_out
        on
            edits.report_id = parts_left_out.report_id
            and edits.hypothesis_id = parts_left_out.hypothesis_id
            and edits.form_table = parts_left_out.form_table
            and edits.line_code = parts_left_out.line_code
            and edits.column_code = parts_left_out.column_code

),

shapes as (

    select
        report_id,
        hypothesis_id,
        min(cell_kind) as least_kind,
        max(cell_kind) as most_kind,
        min(column_code) as first_column,
        max(column_code) as last_column,
        min(line_code) as first_line,
        max(line_code) as last_line,
        max(line_order) - min(line_order) as rows_apart,
        max(column_order) - min(column_order) as columns_apart,
        max(hypothesis) as hypothesis,
        sum(reported_value) as reported_sum,
        sum(implied_value) as implied_sum,
        max(implied_value - reported_value) as greatest_rise,
        count(case when reported_value = 0 then 1 end) as zeros_reported,
        count(case when implied_value = 0 then 1 end) as zeros_implied,
        count(case when implied_value > reported_value then 1 end) as rises,
        count(case when implied_value < reported_value then 1 end) as falls,
        count(case when is_earlier_years then 1 end) as earlier_cells,
        count(*) as cells,
        max(pattern) as pattern
    from slips
    group by report_id, hypothesis_id

),

carried_over as (

    select
        report_id,
        column_code,
        value
    from cells
    where form_table = 'requests' and line_code = 'carried_out'

),

counted_twice as (

    select distinct
        slips.report_id,
        slips.hypothesis_id
    from slips
    inner join carried_over on slips.report_id = carried_over.report_id and slips.column_code = carried_over.column_code
    where
        slips.pattern = 'an outcome and all its totals'
        and slips.reported_value - slips.implied_value <= carried_over.value

),

kinds as (

    select
        shapes.report_id,
        shapes.hypothesis_id,
        case
            when shapes.pattern = 'a whole table' then coalesce(table_moves.kind, shapes.hypothesis)
            when shapes.cells = 1 then shapes.least_kind
            when counted_twice.report_id is not null then 'counted_twice'
            when
                shapes.cells = 2 and shapes.reported_sum = shapes.implied_sum
                and shapes.zeros_reported = 1 and shapes.zeros_implied = 1
                and shapes.last_column = shapes.first_column and shapes.first_column = 'total'
                and shapes.rows_apart = 1
                then 'total_one_row_too_low'
            when
                shapes.cells = 2 and shapes.pattern = 'two cells exchanged'
                and shapes.zeros_reported = 1 and shapes.zeros_implied = 1 and shapes.columns_apart = 1
                then 'neighbouring_column'
            when shapes.cells = 2 and shapes.pattern = 'two cells exchanged' then 'cells_exchanged'
            when
                shapes.first_line = shapes.last_line and shapes.falls = 1 and shapes.rises >= 1
                and shapes.reported_sum = shapes.implied_sum and rows_under_one_column.report_id is not null
                then 'all_under_one_column'
            when
                shapes.first_column = 'total' and shapes.last_column = 'total'
                and shapes.zeros_reported = shapes.cells
                then 'total_column_left_zero'
            when shapes.first_column = 'total' and shapes.last_column = 'total' and shapes.earlier_cells > 0
                then 'total_column_kept'
            when shapes.zeros_reported = shapes.cells and shapes.least_kind = shapes.most_kind then shapes.least_kind
            when shapes.zeros_reported = shapes.cells then 'part_left_zero'
            when shapes.pattern in ('a row', 'a row without its total', 'a column', 'a whole table') then 'other_cells'
            -- one number, and the totals that follow it
            when shapes.least_kind = shapes.most_kind then shapes.least_kind
            else 'other'
        end as kind,
        -- Numbers that were fitted to what checks lack: each mends one check whether or not it is true. Where nothing
        -- stands, or what stood there before, one reason goes for all; a move has only the numbers that it lost.
        case
            when shapes.pattern = 'two cells exchanged' then 0
            when shapes.hypothesis = 'table_of_last_year' then hypotheses.checks_mended
            when shapes.pattern = 'a whole table' then case when table_moves.closed_by is null then 0 else 1 end
            when shapes.pattern in ('a row', 'a row without its total', 'a column')
                then greatest(
                    shapes.cells - shapes.zeros_reported - shapes.earlier_cells
                    + case when shapes.zeros_reported + shapes.earlier_cells > 0 then 1 else 0 end,
                    1
                )
            else 1
        end as fitted_numbers
    from shapes
    inner join hypotheses
        on shapes.report_id = hypotheses.report_id and shapes.hypothesis_id = hypotheses.hypothesis_id
    left join counted_twice on shapes.hypothesis_id = counted_twice.hypothesis_id
    left join table_moves on shapes.pattern = 'a whole table' and shapes.hypothesis = table_moves.move
    left join rows_under_one_column
        on shapes.report_id = rows_under_one_column.report_id and shapes.first_line = rows_under_one_column.line_code

),

-- What hangs together in a report: the whole of table 三, whose rows and columns share cells, or a line of another
-- table. A figure of the prose belongs to what it tells of.
breaks as (

    select distinct
        report_id,
        form_table,
        case when form_table = 'requests' then 'all' else line_code end as line_code,
        check_report_id,
        identity_id,
        slice
    from check_cells
    where is_broken and form_table <> 'narrative'

),

identities as (

    select * from {{ ref('identities') }}

),

-- where a hypothesis is at home: in its own report, and in that of a check which compares it with the year after
places_of_hypotheses as (

    select distinct
        mended_checks.report_id as hypothesis_report_id,
        mended_checks.hypothesis_id,
        breaks.report_id,
        breaks.form_table,
        breaks.line_code
    from mended_checks
    inner join identities on mended_checks.identity_id = identities.identity_id
    inner join breaks
        on
            mended_checks.check_report_id = breaks.check_report_id
            and mended_checks.identity_id = breaks.identity_id
            and mended_checks.slice = breaks.slice
            and (
                mended_checks.report_id = breaks.report_id
                or mended_checks.check_report_id = breaks.report_id and identities.family <> 'rollup'
            )

),

breaks_around as (

    select
        hypothesis_report_id as report_id,
        hypothesis_id,
        count(*) as breaks
    from (
        select distinct
            places_of_hypotheses.hypothesis_report_id,
            places_of_hypotheses.hypothesis_id,
            breaks.check_report_id,
            breaks.identity_id,
            breaks.slice
        from places_of_hypotheses
        inner join breaks
            on
                places_of_hypotheses.report_id = breaks.report_id
                and places_of_hypotheses.form_table = breaks.form_table
                and places_of_hypotheses.line_code = breaks.line_code
    ) as breaks_in_places
    group by hypothesis_report_id, hypothesis_id

),

final as (

    select
        hypotheses.report_id,
        hypotheses.hypothesis_id,
        hypotheses.pattern,
        hypotheses.hypothesis,
        kinds.kind,
        hypotheses.cells,
        hypotheses.checks_mended,
        coalesce(breaks_around.breaks - hypotheses.checks_mended, 0) as checks_left,
        kinds.fitted_numbers,
        {{ likelihood(
            'slip_kinds.weight',
            'hypotheses.checks_mended - kinds.fitted_numbers',
            'coalesce(breaks_around.breaks - hypotheses.checks_mended, 0)'
        ) }} as likelihood,
        hypotheses.first_check,
        hypotheses.mends
    from hypotheses
    inner join kinds
        on hypotheses.report_id = kinds.report_id and hypotheses.hypothesis_id = kinds.hypothesis_id
    left join breaks_around
        on hypotheses.report_id = breaks_around.report_id and hypotheses.hypothesis_id = breaks_around.hypothesis_id
    inner join slip_kinds on kinds.kind = slip_kinds.kind

)

select * from final
