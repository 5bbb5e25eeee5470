{% from 'queries/verdict.sql' import verdict %}
-- The verdict on every check: there is one where the report itself has a cell of the left side.
create or replace table verdicts as
with required as (

    select
        identity_id,
        count(*) filter (is_required and whose <> 'member') as terms,
        count(*) filter (is_required and whose = 'member') as terms_of_members
    from identity_terms
    group by identity_id

),

members as (

    select check_report_id as report_id, count(*) as members
    from links
    where whose = 'member'
    group by all

),

sums as (

    select
        report_id,
        identity_id,
        slice,
        coalesce(sum(coefficient * value), 0) as residual,
        count(*) filter (is_required and not is_part)
        -- a total that is blank is found in its parts, and is one term
        + count(distinct (whose, form_table, line_code)) filter (is_required and is_part) as found,
        count(*) filter (side = 'left') as left_cells,
        count(*) filter (side = 'right') as right_cells,
        count(*) filter (status = 'unreadable') as unreadable,
        count(*) filter (is_empty) as blank,
        count(*) filter (status = 'blank' and (coefficient > 0 or is_signed)) as raising,
        count(*) filter (status = 'blank' and (coefficient < 0 or is_signed)) as lowering
    from (
        select *, status in ('blank', 'not_applicable') as is_empty, column_code = 'change' as is_signed
        from term_cells
    )
    group by all
    having bool_or(side = 'left' and whose = 'own')

)

select
    report_id,
    identity_id,
    slice,
    residual,
    raising,
    lowering,
    {% set says_nothing %}
        found < required.terms + required.terms_of_members * coalesce(members, 1)
        or unreadable > 0 or left_cells = 0 or right_cells = 0
    {% endset %}
    {{ verdict('residual', says_nothing, 'blank > 0', 'raising > 0', 'lowering > 0') }} as status
from sums
inner join required using (identity_id)
left join members using (report_id)
