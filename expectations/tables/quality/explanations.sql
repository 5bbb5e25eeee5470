-- An explanation counts and lists the checks that it mends, looks like the slip that its cells or its move make it, and is as
-- likely as this slip, the checks that it mends without a number fitted to them, and those that it leaves broken.
{% from 'parts/slips.sql' import slips_of with context %}
{% set key = ['report_id', 'hypothesis_id'] %}
{% set title_zh = '每种解释所补足的勾稽及其可能性与明细一致' %}
{% set title_en = 'An explanation lists the checks that it mends, and is as likely as these make it' %}
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

slips as (
    {{ slips_of('from hypotheses') }}
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

weighed as (
    select
        hypotheses.*,
        if(pattern = 'a whole table', coalesce(move_kind, hypothesis), slip) as kind,
        coalesce(breaks - checks_mended, 0) as checks_left,
        case
            when pattern = 'two cells exchanged' then 0
            when pattern = 'a whole table' and hypothesis = 'table_of_last_year' then checks_mended
            when pattern = 'a whole table' then if(closed_by is null, 0, 1)
            when pattern in ('a row', 'a row without its total', 'a column')
                then greatest(cells - unfitted + least(unfitted, 1), 1)
            else 1
        end as fitted_numbers
    from hypotheses
    left join slips using (report_id, hypothesis_id)
    left join surroundings using (report_id, hypothesis_id)
    left join moves using (hypothesis)
)

select distinct
    report_id, hypothesis_id, pattern, hypothesis, kind, cells, checks_mended, checks_left, fitted_numbers,
    weight + 2 * (checks_mended - fitted_numbers - checks_left) as likelihood, first_check, mends
from weighed
left join reference.slip_kinds using (kind)
