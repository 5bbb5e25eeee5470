-- The checks of an identity, as they are compared: dbt's, or the audit's.
select
    report_id, identity_id, slice, status, cast(coalesce(lhs, 0) as decimal(28, 4)) as lhs,
    cast(coalesce(rhs, 0) as decimal(28, 4)) as rhs
from {{ checks }}
