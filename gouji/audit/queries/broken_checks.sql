-- The broken checks of an identity: difference is lhs - rhs, sums over the cells that hold a number.
select report_id, identity_id, slice, lhs, rhs, difference
from (
    {% include 'audit/queries/checks.sql' %}
)
where status = 'broken'
order by report_id, slice
