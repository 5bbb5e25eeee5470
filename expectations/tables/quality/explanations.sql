-- An explanation counts and lists the checks that it mends, and is as likely as its kind, the checks that it mends without
-- a number fitted to them, and those that it leaves broken make it. Its slip is what its move or its two numbers say; that a
-- number is another cell's or an earlier year's, and what several cells look like together, is taken as found.
{% from 'parts/cells.sql' import cells_of with context %}
{% set key = ['report_id', 'hypothesis_id'] %}
{% set title_zh = '每种解释所补足的勾稽及其可能性与明细一致' %}
{% set title_en = 'An explanation lists the checks that it mends, and is as likely as these make it' %}
{% set told_by_other_cells = "('neighbouring_column', 'kept_from_last_year', 'part_left_out')" %}
{% set told_by_numbers %}
    (
        'total_left_zero', 'sign_lost', 'factor_ten', 'factor_ten_thousand', 'digits_transposed', 'digit_too_many',
        'digit_too_few', 'off_by_one', 'prose_differs'
    )
{% endset %}
with hypotheses as (
    select
        report_id, hypothesis_id, pattern, hypothesis, cells, count(*) as checks_mended, min(mended) as first_check,
        string_agg(mended, '; ' order by check_report_id, identity_id, slice) as mends
    from (
        select *, concat_ws(' ', check_report_id, identity_id, slice) as mended
        from quality.mended_checks
    )
    group by all
),

-- numbers that need no reason of their own: nothing stands there, or what an earlier report of the body says
lines as (
    select hypotheses.report_id, hypothesis_id, form_table, line_code, column_code, reported_value
    from hypotheses
    inner join quality.cell_edits using (report_id, pattern, hypothesis)
    where pattern in ('a row', 'a row without its total', 'a column')
),

earlier_reports as (
    select reports.report_id, earlier.report_id as earlier_report_id
    from intermediate.int_reports as reports
    inner join intermediate.int_reports as earlier using (agency_id)
    semi join lines on reports.report_id = lines.report_id
    where earlier.report_year < reports.report_year
),

repeated as (
    select distinct earlier_reports.report_id, form_table, line_code, column_code, value as reported_value
    from earlier_reports
    inner join (
        {{ cells_of('select earlier_report_id from earlier_reports') }}
    ) as cells on earlier_report_id = cells.report_id
    where value_status = 'reported'
),

unfitted as (
    select
        report_id, hypothesis_id,
        count_if(reported_value = 0 or repeated.report_id is not null) as numbers
    from lines
    left join repeated using (report_id, form_table, line_code, column_code, reported_value)
    group by report_id, hypothesis_id
),

-- what hangs together: table 三 of a report, or a line of another of its tables
breaks as (
    select distinct
        report_id, concat_ws('.', form_table, if(form_table = 'requests', null, line_code)) as place,
        check_report_id, identity_id, slice
    from quality.check_cells
    where is_broken and form_table <> 'narrative'
),

-- the places of an explanation: those of its own report, and of the report whose check compares the two years
places as (
    select distinct mended.report_id as of_report_id, hypothesis_id, breaks.report_id, place
    from quality.mended_checks as mended
    inner join breaks using (check_report_id, identity_id, slice)
    inner join reference.identities using (identity_id)
    where breaks.report_id = mended.report_id or (breaks.report_id = check_report_id and family <> 'rollup')
),

surroundings as (
    select
        of_report_id as report_id, hypothesis_id,
        count(distinct concat_ws(' ', check_report_id, identity_id, slice)) as breaks
    from places
    inner join breaks using (report_id, place)
    group by of_report_id, hypothesis_id
),

moves as (
    select move as hypothesis, any_value(kind) as move_kind, any_value(closed_by) as closed_by
    from reference.table_moves
    group by move
),

texts as (
    select
        report_id, hypothesis_id, form_table, column_code, reported_value as was, implied_value as due,
        column_code = 'total' or coalesce(stage = 'outcome_total', false) as is_total,
        cast(cast(round(was) as bigint) as varchar) as was_text, cast(cast(round(due) as bigint) as varchar) as due_text,
        [i for i in range(1, length(was_text) + 1) if was_text[i] <> due_text[i]] as odd_digits,
        [concat(left(was_text, i - 1), substr(was_text, i + 1)) for i in range(1, length(was_text) + 1)] as was_less_one,
        [concat(left(due_text, i - 1), substr(due_text, i + 1)) for i in range(1, length(due_text) + 1)] as due_less_one
    from hypotheses
    inner join quality.cell_edits using (report_id, pattern, hypothesis)
    left join marts.dim_form_line using (form_table, line_code)
    where pattern <> 'a whole table'
),

slips as (
    select
        report_id, hypothesis_id,
        case
            when is_total and was = 0 then 'total_left_zero'
            when column_code = 'change' and was + due = 0 then 'sign_lost'
            when was <> 0 and due <> 0 and (due = 10 * was or was = 10 * due) then 'factor_ten'
            when was <> 0 and due <> 0 and (due = 10000 * was or was = 10000 * due) then 'factor_ten_thousand'
            when
                length(was_text) = length(due_text) and len(odd_digits) = 2 and odd_digits[2] = odd_digits[1] + 1
                and was_text[odd_digits[1]] = due_text[odd_digits[2]]
                and was_text[odd_digits[2]] = due_text[odd_digits[1]]
                then 'digits_transposed'
            when was = 0 and form_table in ('requests', 'reviews') then 'part_left_zero'
        end as first_kind,
        case
            when due <> 0 and list_contains(was_less_one, due_text) then 'digit_too_many'
            when was <> 0 and list_contains(due_less_one, was_text) then 'digit_too_few'
            when abs(due - was) = 1 then 'off_by_one'
            when form_table = 'narrative' then 'prose_differs'
            else 'other'
        end as last_kind
    from texts
),

-- all cells of an explanation have the slip that is found, if the numbers of a cell say it
told as (
    select
        report_id, hypothesis_id, any_value(cells) as cells, any_value(pattern) as pattern, any_value(kind) as kind,
        bool_and(coalesce(first_kind, if(kind in {{ told_by_other_cells }}, kind, last_kind)) = kind) as is_so
    from quality.explanations
    inner join slips using (report_id, hypothesis_id)
    group by report_id, hypothesis_id
),

kinds as (
    select
        report_id, hypothesis_id,
        case
            when pattern = 'two cells exchanged' and kind not in (
                'cells_exchanged', 'neighbouring_column', 'total_one_row_too_low'
            ) then null
            when pattern = 'an outcome and all its totals' or kind <> 'counted_twice'
                then if(is_so or cells > 1 and kind not in {{ told_by_numbers }}, kind, null)
        end as kind
    from told
),

weighed as (
    select
        hypotheses.*,
        if(pattern = 'a whole table', coalesce(move_kind, hypothesis), kinds.kind) as kind,
        coalesce(breaks - checks_mended, 0) as checks_left,
        case
            when pattern = 'two cells exchanged' then 0
            when pattern = 'a whole table' and hypothesis = 'table_of_last_year' then checks_mended
            when pattern = 'a whole table' then if(closed_by is null, 0, 1)
            when pattern in ('a row', 'a row without its total', 'a column')
                then greatest(cells - numbers + least(numbers, 1), 1)
            else 1
        end as fitted_numbers
    from hypotheses
    left join kinds using (report_id, hypothesis_id)
    left join surroundings using (report_id, hypothesis_id)
    left join unfitted using (report_id, hypothesis_id)
    left join moves using (hypothesis)
)

select distinct
    report_id, hypothesis_id, pattern, hypothesis, kind, cells, checks_mended, checks_left, fitted_numbers,
    weight + 2 * (checks_mended - fitted_numbers - checks_left) as likelihood, first_check, mends
from weighed
left join reference.slip_kinds using (kind)
