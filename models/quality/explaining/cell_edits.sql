-- Ways in which a few cells might have been meant, drawn from what the broken checks lack. Each is only a
-- candidate here: mended_checks keeps those that mend what they touch and break nothing.
with check_cells as (

    select * from {{ ref('check_cells') }}

),

moved_cells as (

    select * from {{ ref('moved_cells') }}

),

form_lines as (

    select * from {{ ref('dim_form_line') }}

),

applicant_types as (

    select * from {{ ref('applicant_types') }}

),

cells as (

    select distinct
        report_id,
        form_table,
        line_code,
        column_code,
        value
    from check_cells

),

-- the change of one cell that would close the gap of one broken check
changes as (

    select distinct
        check_cells.report_id,
        check_cells.form_table,
        check_cells.line_code,
        check_cells.column_code,
        check_cells.value,
        cast(-check_cells.gap / check_cells.coefficient as decimal(28, 4)) as change,
        form_lines.stage,
        -- a roll-up looks at one cell of the table: it speaks for a change of the row as for one of the column
        identities.slice_by <> 'line' or identities.family = 'rollup' as is_found_along_column,
        identities.slice_by = 'line' as is_found_along_row
    from check_cells
    inner join {{ ref('identities') }} as identities on check_cells.identity_id = identities.identity_id
    left join form_lines on check_cells.line_code = form_lines.line_code
    where check_cells.is_broken

),

single_changes as (

    select distinct
        report_id,
        form_table,
        line_code,
        column_code,
        value,
        change,
        stage
    from changes

),

single_cells as (

    select
        'one cell' as pattern,
        concat(form_table, '.', line_code, '.', column_code, ' ', cast(change as {{ dbt.type_string() }}))
            as hypothesis,
        report_id,
        form_table,
        line_code,
        column_code,
        value,
        change
    from single_changes

),

-- all cells of a row that the checks down their columns ask to change, and of a column those along their rows, each by
-- its own amount
changes_by_direction as (

    {% for direction in ['column', 'row'] %}
        select
            '{{ direction }}' as found_along,
            report_id,
            line_code,
            column_code,
            max(value) as value,
            max(change) as change
        from changes
        where form_table = 'requests' and is_found_along_{{ direction }}
        group by report_id, line_code, column_code
        having count(distinct change) = 1
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

row_changes as (

    select * from changes_by_direction
    where found_along = 'column'

),

column_changes as (

    select * from changes_by_direction
    where found_along = 'row'

),

whole_rows_and_columns as (

    select
        case when found_along = 'column' then 'a row' else 'a column' end as pattern,
        case when found_along = 'column' then line_code else column_code end as hypothesis,
        report_id,
        'requests' as form_table,
        line_code,
        column_code,
        value,
        change
    from changes_by_direction

),

rows_without_total as (

    select
        'a row without its total' as pattern,
        line_code as hypothesis,
        report_id,
        'requests' as form_table,
        line_code,
        column_code,
        value,
        change
    from row_changes
    where column_code <> 'total'

),

-- one kind of applicant in a row, with the row's total
row_pairs as (

    select
        row_changes.report_id,
        row_changes.line_code,
        row_changes.column_code,
        row_changes.value,
        totals.value as total_value,
        row_changes.change
    from row_changes
    inner join row_changes as totals
        on
            row_changes.report_id = totals.report_id
            and row_changes.line_code = totals.line_code
            and row_changes.change = totals.change
    where row_changes.column_code <> 'total' and totals.column_code = 'total'

),

cells_with_row_total as (

    {% for part in ['column_code', "'total'"] %}
        select
            'a cell and its row total' as pattern,
            concat(line_code, '.', column_code) as hypothesis,
            report_id,
            'requests' as form_table,
            line_code,
            {{ part }} as column_code,
            {{ 'value' if loop.first else 'total_value' }} as value,
            change
        from row_pairs
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- an outcome and （七）总计 in the same column
outcome_pairs as (

    select
        outcomes.report_id,
        outcomes.line_code,
        outcomes.column_code,
        outcomes.value,
        totals.line_code as total_line_code,
        totals.value as total_value,
        outcomes.change
    from column_changes as outcomes
    inner join column_changes as totals
        on
            outcomes.report_id = totals.report_id
            and outcomes.column_code = totals.column_code
            and outcomes.change = totals.change
    inner join form_lines as outcome_lines on outcomes.line_code = outcome_lines.line_code
    inner join form_lines as total_lines on totals.line_code = total_lines.line_code
    where outcome_lines.stage = 'outcome' and total_lines.stage = 'outcome_total'

),

outcomes_with_total as (

    {% for part in ['line_code', 'total_line_code'] %}
        select
            'an outcome and its total' as pattern,
            concat(line_code, '.', column_code) as hypothesis,
            report_id,
            'requests' as form_table,
            {{ part }} as line_code,
            column_code,
            {{ 'value' if loop.first else 'total_value' }} as value,
            change
        from outcome_pairs
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- a request that stands in an outcome too many: the outcome, （七）总计 and both row totals are one less
surplus_totals as (

    select row_pairs.*
    from row_pairs
    inner join form_lines on row_pairs.line_code = form_lines.line_code
    where form_lines.stage = 'outcome_total' and row_pairs.change < 0

),

surplus_outcomes as (

    select
        surplus_totals.report_id,
        concat(cells.line_code, '.', surplus_totals.column_code) as hypothesis,
        cells.line_code as outcome_line_code,
        surplus_totals.line_code as total_line_code,
        surplus_totals.column_code,
        surplus_totals.change
    from surplus_totals
    inner join cells
        on
            surplus_totals.report_id = cells.report_id
            and cells.form_table = 'requests'
            and surplus_totals.column_code = cells.column_code
    inner join form_lines on cells.line_code = form_lines.line_code
    where form_lines.stage = 'outcome' and cells.value + surplus_totals.change >= 0

),

outcomes_with_all_totals as (

    {% for line in ['outcome_line_code', 'total_line_code'] %}
        {% set last_line = loop.last %}
        {% for column in ['column_code', "'total'"] %}
            select
                'an outcome and all its totals' as pattern,
                surplus_outcomes.hypothesis,
                surplus_outcomes.report_id,
                cells.form_table,
                cells.line_code,
                cells.column_code,
                cells.value,
                surplus_outcomes.change
            from surplus_outcomes
            inner join cells
                on
                    surplus_outcomes.report_id = cells.report_id
                    and cells.form_table = 'requests'
                    and surplus_outcomes.{{ line }} = cells.line_code
                    and {{ column if column.startswith("'") else 'surplus_outcomes.' ~ column }} = cells.column_code
            {% if not (last_line and loop.last) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

),

-- two parts of a row, or two neighbours in a column, that stand in each other's place
places as (

    select distinct
        single_changes.report_id,
        single_changes.form_table,
        single_changes.line_code,
        single_changes.column_code,
        single_changes.value,
        form_lines.line_order,
        applicant_types.type_order
    from single_changes
    left join form_lines on single_changes.line_code = form_lines.line_code
    left join applicant_types
        on single_changes.form_table = 'requests' and single_changes.column_code = applicant_types.applicant_type
    where single_changes.form_table <> 'narrative'

),

exchanges as (

    select
        first_places.report_id,
        first_places.form_table,
        first_places.line_code,
        first_places.column_code,
        first_places.value,
        second_places.line_code as other_line_code,
        second_places.column_code as other_column_code,
        second_places.value as other_value
    from places as first_places
    inner join places as second_places
        on
            first_places.report_id = second_places.report_id
            and first_places.form_table = second_places.form_table
            and first_places.value <> second_places.value
            and (
                first_places.line_code = second_places.line_code
                and first_places.column_code < second_places.column_code
                and first_places.column_code <> 'total' and second_places.column_code <> 'total'
                or first_places.column_code = second_places.column_code
                and first_places.line_order + 1 = second_places.line_order
            )

),

exchanged_cells as (

    select
        'two cells exchanged' as pattern,
        concat(line_code, '.', column_code, ' ', other_line_code, '.', other_column_code) as hypothesis,
        report_id,
        form_table,
        line_code,
        column_code,
        value,
        cast(other_value - value as decimal(28, 4)) as change
    from exchanges
    union all
    select
        'two cells exchanged' as pattern,
        concat(line_code, '.', column_code, ' ', other_line_code, '.', other_column_code) as hypothesis,
        report_id,
        form_table,
        other_line_code as line_code,
        other_column_code as column_code,
        other_value as value,
        cast(value - other_value as decimal(28, 4)) as change
    from exchanges

),

candidates as (

    select * from single_cells
    union all
    select * from whole_rows_and_columns
    union all
    select * from rows_without_total
    union all
    select * from cells_with_row_total
    union all
    select * from outcomes_with_total
    union all
    select * from outcomes_with_all_totals
    union all
    select * from exchanged_cells
    union all
    select
        -- where numbers tell the kind, nothing moved: a column is as it would have to be
        case when kind is null then 'a column' else 'a whole table' end as pattern,
        move as hypothesis,
        report_id,
        'requests' as form_table,
        line_code,
        column_code,
        value,
        cast(value_after - value as decimal(28, 4)) as change
    from moved_cells

),

final as (

    select
        report_id,
        pattern,
        hypothesis,
        form_table,
        line_code,
        column_code,
        value as reported_value,
        cast(value + change as decimal(28, 4)) as implied_value
    from candidates

)

select * from final
