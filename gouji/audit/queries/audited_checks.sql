{% from 'audit/queries/digest.sql' import digest %}
-- The broken checks of an identity, each beside their count and the digest of all checks; a row even where none is broken.
with checks as materialized (
    {% include 'audit/queries/checks.sql' %}
)

select all_checks.*, broken.*
from (select count(*) filter (status = 'broken') as failing_rows, {{ digest() }} as checks from checks) as all_checks
left join (
    select report_id, identity_id, slice, lhs, rhs, difference
    from checks
    where status = 'broken'
) as broken on true
order by report_id, slice
