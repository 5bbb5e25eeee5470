{#- What slip each explanation of a query looks like, but those of a whole table: by the numbers of its cells and by those around
    them. Beside it how many of its numbers need no reason: nothing stands there, or what an earlier report of the body says. -#}
{% from 'parts/cells.sql' import cells_of with context %}
{% macro slips_of(hypotheses) %}
    with columns_in_order as (
        select 'requests' as form_table, applicant_type as column_code, type_order as column_order, kind
        from reference.applicant_types
        union all
        select 'reviews', code, code_order, kind from reference.channels_results where dimension = 'result'
    ),

    edits as (
        select
            hypotheses.report_id, hypothesis_id, hypotheses.pattern, form_table, line_code, column_code, line_order,
            column_order, reported_value as was, implied_value as due,
            column_code = 'total' or coalesce(stage = 'outcome_total', false) as is_total
        from ({{ hypotheses }}) as hypotheses
        inner join quality.cell_edits using (report_id, pattern, hypothesis)
        left join marts.dim_form_line using (form_table, line_code)
        left join columns_in_order using (form_table, column_code)
        where pattern <> 'a whole table'
    ),

    reports as (
        select edited.report_id, seen.report_id as seen_report_id, edited.report_year - seen.report_year as years_ago
        from intermediate.int_reports as edited
        inner join intermediate.int_reports as seen using (agency_id)
        semi join edits on edited.report_id = edits.report_id
        where edited.report_year >= seen.report_year
    ),

    -- the numbers of the body's reports, but 0
    numbers as materialized (
        select reports.report_id, years_ago, form_table, line_code, column_code, value
        from reports
        inner join ({{ cells_of('select seen_report_id from reports') }}) as cells on seen_report_id = cells.report_id
        where value_status = 'reported' and value <> 0
    ),

    repeated as (
        select report_id, form_table, line_code, column_code, value as was, min(years_ago) as years_ago
        from numbers
        where years_ago > 0
        group by all
    ),

    parts as (
        select report_id, form_table, line_code, column_order, value
        from numbers
        inner join columns_in_order using (form_table, column_code)
        where years_ago = 0 and kind <> 'total'
    ),

    rows_of_one_part as (
        select report_id, line_code from parts where form_table = 'requests' group by all having count(*) = 1
    ),

    -- what the parts of a broken total add up to one by one
    parts_of_totals as (
        select distinct report_id, totals.form_table, totals.line_code, totals.column_code, parts.value as part
        from quality.check_cells as totals
        inner join quality.check_cells as parts using (report_id, check_report_id, identity_id, slice)
        where totals.is_broken and sign(totals.coefficient) = -sign(parts.coefficient) and parts.value <> 0
    ),

    texts as (
        select
            *, cast(cast(round(was) as bigint) as varchar) as was_text, cast(cast(round(due) as bigint) as varchar) as due_text,
            [i for i in range(1, length(was_text) + 1) if was_text[i] <> due_text[i]] as odd,
            [concat(left(was_text, i - 1), substr(was_text, i + 1)) for i in range(1, length(was_text) + 1)] as was_less_one,
            [concat(left(due_text, i - 1), substr(due_text, i + 1)) for i in range(1, length(due_text) + 1)] as due_less_one
        from edits
    ),

    cell_slips as (
        select
            texts.*, years_ago is not null as is_repeated,
            case
                when is_total and was = 0 then 'total_left_zero'
                when column_code = 'change' and was + due = 0 then 'sign_lost'
                when was <> 0 and due <> 0 and (due = 10 * was or was = 10 * due) then 'factor_ten'
                when was <> 0 and due <> 0 and (due = 10000 * was or was = 10000 * due) then 'factor_ten_thousand'
                when
                    length(was_text) = length(due_text) and len(odd) = 2 and odd[2] = odd[1] + 1
                    and was_text[odd[1]] = due_text[odd[2]] and was_text[odd[2]] = due_text[odd[1]]
                    then 'digits_transposed'
                when was = 0 and form_table in ('requests', 'reviews') then 'part_left_zero'
                when
                    not is_total and exists (
                        from parts
                        where
                            parts.report_id = texts.report_id and parts.form_table = texts.form_table
                            and parts.line_code = texts.line_code and value = was
                            and parts.column_order in (texts.column_order - 1, texts.column_order + 1)
                    )
                    then 'neighbouring_column'
                when years_ago = 1 then 'kept_from_last_year'
                when is_total and part is not null then 'part_left_out'
                when due <> 0 and list_contains(was_less_one, due_text) then 'digit_too_many'
                when was <> 0 and list_contains(due_less_one, was_text) then 'digit_too_few'
                when abs(due - was) = 1 then 'off_by_one'
                when form_table = 'narrative' then 'prose_differs'
                else 'other'
            end as slip
        from texts
        left join repeated using (report_id, form_table, line_code, column_code, was)
        left join parts_of_totals
            on texts.report_id = parts_of_totals.report_id and texts.form_table = parts_of_totals.form_table
            and texts.line_code = parts_of_totals.line_code and texts.column_code = parts_of_totals.column_code
            and due - was = part
    ),

    shapes as (
        select
            report_id, hypothesis_id, pattern, count(*) as cells, count(distinct slip) as slips, min(slip) as slip,
            count_if(was = 0) as zeros, count_if(due = 0) as due_zeros, count_if(is_repeated) as repeats,
            sum(was) = sum(due) as is_moved, bool_and(column_code = 'total') as is_of_totals,
            max(line_order) - min(line_order) = 1 as is_row_by_row,
            max(column_order) - min(column_order) = 1 as is_column_by_column,
            bool_or(is_in_one_part) and count(distinct line_code) = 1 as is_in_one_part,
            count_if(due < was) = 1 and bool_or(due > was) as is_spread, bool_or(is_carried_over) as is_carried_over
        from (
            select
                *,
                exists (
                    from rows_of_one_part as one
                    where one.report_id = cell_slips.report_id and one.line_code = cell_slips.line_code
                ) as is_in_one_part,
                exists (
                    from numbers
                    where
                        numbers.report_id = cell_slips.report_id and numbers.form_table = 'requests' and years_ago = 0
                        and numbers.line_code = 'carried_out' and numbers.column_code = cell_slips.column_code
                        and value >= was - due
                ) as is_carried_over
            from cell_slips
        )
        group by report_id, hypothesis_id, pattern
    )

    select
        report_id, hypothesis_id, zeros + repeats as unfitted,
        case
            when cells = 1 then slip
            when pattern = 'an outcome and all its totals' and is_carried_over then 'counted_twice'
            when cells = 2 and is_moved and zeros = 1 and due_zeros = 1 and is_of_totals and is_row_by_row
                then 'total_one_row_too_low'
            when pattern = 'two cells exchanged' and zeros = 1 and due_zeros = 1 and is_column_by_column
                then 'neighbouring_column'
            when pattern = 'two cells exchanged' then 'cells_exchanged'
            when is_in_one_part and is_spread and is_moved then 'all_under_one_column'
            when is_of_totals and zeros = cells then 'total_column_left_zero'
            when is_of_totals and repeats > 0 then 'total_column_kept'
            when zeros = cells then if(slips = 1, slip, 'part_left_zero')
            when pattern in ('a row', 'a row without its total', 'a column') then 'other_cells'
            else if(slips = 1, slip, 'other')
        end as slip
    from shapes
{% endmacro %}
