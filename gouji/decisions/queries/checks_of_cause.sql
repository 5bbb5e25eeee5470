-- Every broken check of the causes that a broken check of a report has.
select
    report_id,
    identity_id,
    slice,
    lhs,
    rhs,
    is_acknowledged,
    root_cause_id,
    report_id = $report_id and identity_id = $identity_id as is_asked
from quality.issues
where
    root_cause_id in (
        select root_cause_id
        from quality.issues
        where report_id = $report_id and identity_id = $identity_id and slice = coalesce($slice, slice)
    )
order by report_id, identity_id, slice
