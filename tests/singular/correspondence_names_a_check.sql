-- A letter is about a check that is, or was, made of a report: one that names none is a slip of the pen. That the check
-- holds by now, or has other numbers, is no fault of the letter.
with correspondence as (

    select * from {{ ref('int_correspondence') }}

),

checks as (

    select * from {{ whole('fct_identity_checks') }}

)

select
    correspondence.*,
    'names no check' as problem
from correspondence
left join checks
    on
        correspondence.report_id = checks.report_id
        and correspondence.identity_id = checks.identity_id
        and correspondence.slice = checks.slice
where checks.report_id is null
