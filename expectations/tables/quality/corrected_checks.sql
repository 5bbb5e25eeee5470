-- A check on the corrected numbers stands beside the check on those reported, and says what has changed.
{% set key = ['report_id', 'identity_id', 'slice'] %}
{% set title_zh = '更正后的勾稽与更正前的勾稽对应' %}
{% set title_en = 'A corrected check says what the correction has changed' %}
select
    report_id, identity_id, slice, corrected.lhs, corrected.rhs,
    case
        when corrected.status = 'not_assessable' then corrected.status
        when coalesce(corrected.lhs, 0) <> coalesce(corrected.rhs, 0) then 'broken'
        when corrected.status = 'holds_if_blank_is_zero' then corrected.status
        else 'holds'
    end as status,
    checks.lhs as reported_lhs, checks.rhs as reported_rhs, checks.status as reported_status,
    checks.status not like 'holds%' and corrected.status like 'holds%' as is_mended,
    checks.status <> 'broken' and corrected.status = 'broken' as is_newly_broken
from quality.fct_identity_checks as checks
inner join (select distinct report_id, identity_id, slice, lhs, rhs, status from quality.corrected_checks) as corrected
    using (report_id, identity_id, slice)
