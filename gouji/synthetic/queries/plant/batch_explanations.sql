{% from 'queries/verdict.sql' import verdict %}
-- Every one-cell edit that mends all that a fault broke and touches no held check. Mended is a check that is broken no
-- more: it holds, or a blank cell may now close the difference.
create or replace table batch_explanations as
with broken as (
    select fault_id, count(*) as checks from batch_checks group by fault_id
),
edits as (
    select distinct
        term_cells.cell_report_id, form_table, line_code, column_code,
        -residual / coefficient as change
    from verdicts
    inner join term_cells using (report_id, identity_id, slice)
    where verdicts.status = 'broken' and value is not null
),
effects as (
    select
        term_cells.cell_report_id as report_id, form_table, line_code, column_code,
        change, value, raising, lowering, batch_checks.fault_id,
        verdicts.status = 'broken' as is_broken,
        residual + coefficient * change as residual
    from edits
    inner join term_cells using (cell_report_id, form_table, line_code, column_code)
    inner join verdicts using (report_id, identity_id, slice)
    left join batch_checks using (report_id, identity_id, slice)
    where verdicts.status <> 'not_assessable'
),
mending as (
    select
        report_id, form_table, line_code, column_code,
        min(fault_id) as fault_id,
        count(fault_id) as mended,
        any_value(value) + change as implied
    from effects
    group by report_id, form_table, line_code, column_code, change
    having
        min(fault_id) = max(fault_id)
        and bool_and(
            is_broken
            and {{ verdict('residual', 'false', 'false', 'raising > 0', 'lowering > 0') }} <> 'broken'
        )
)
select fault_id, report_id, form_table, line_code, column_code, implied
from mending
inner join broken using (fault_id)
where mended = checks and (implied >= 0 or column_code = 'change')
