-- An explanation changes broken checks only, and closes each that it changes; it is named after its edits. One that leaves
-- open what belongs in its cells is said to mend the breaks of its report that read them. Of the candidates that change the
-- same cells alike one is judged: one cell before two exchanged, these before a number with its totals, then rows and columns.
{% set key = ['report_id', 'hypothesis_id', 'check_report_id', 'identity_id', 'slice'] %}
{% set title_zh = '每种解释恰好补足其所改变的各项勾稽' %}
{% set title_en = 'An explanation closes every check that it changes' %}
with edits as (
    select *
    from quality.cell_edits
    -- things are counted from 0
    qualify bool_and(coalesce(implied_value >= 0, true) or column_code = 'change') over (
        partition by report_id, pattern, hypothesis
    )
),

effects as (
    select
        report_id, pattern, hypothesis, check_report_id, identity_id, slice,
        bool_and(is_broken) and coalesce(max(gap) + sum(effect), 0) = 0 as is_closed
    from (
        select *, coefficient * (implied_value - reported_value) as effect
        from edits
        inner join quality.check_cells using (report_id, form_table, line_code, column_code)
    )
    group by report_id, pattern, hypothesis, check_report_id, identity_id, slice
    having
        count(effect) = 0 and bool_and(is_broken) and check_report_id = report_id
        -- what a number in a blank may close is no break
        or sum(effect) <> 0 and not (pattern <> 'one cell' and max(gap) + sum(effect) < 0 and bool_or(can_be_raised))
        and not (pattern <> 'one cell' and max(gap) + sum(effect) > 0 and bool_or(can_be_lowered))
),

sound as (
    select report_id, pattern, hypothesis
    from effects
    group by all
    having bool_and(is_closed)
),

hypotheses as (
    select
        report_id, pattern, hypothesis, count(*) as cells,
        report_id || ' ' || if(
            count(*) > 40, pattern || ' ' || hypothesis,
            string_agg(
                format('{}.{}.{}=', form_table, line_code, column_code)
                || case
                    when implied_value is null then ''
                    when implied_value = floor(implied_value) then cast(implied_value::bigint as varchar)
                    else cast(implied_value as varchar)
                end,
                ' ' order by form_table, line_code, column_code
            )
        ) as hypothesis_id
    from edits
    group by report_id, pattern, hypothesis
),

kept as (
    select
        report_id, hypothesis_id, cells,
        arg_min(
            {'pattern': pattern, 'hypothesis': hypothesis},
            (
                case
                    when pattern = 'one cell' then 0
                    when pattern = 'two cells exchanged' then 1
                    when pattern = 'a whole table' then 4
                    when pattern in ('a row', 'a row without its total', 'a column') then 3
                    else 2
                end,
                pattern, hypothesis
            )
        ) as candidate
    from hypotheses
    group by report_id, hypothesis_id, cells
)

select report_id, hypothesis_id, pattern, hypothesis, cells, check_report_id, identity_id, slice
from (
    select report_id, hypothesis_id, cells, unnest(candidate) from kept
)
inner join effects using (report_id, pattern, hypothesis)
semi join sound using (report_id, pattern, hypothesis)
