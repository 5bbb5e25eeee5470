-- The issues that were opened and closed since the build before.
create or replace table quality.issue_changes as
with issues as (select distinct report_id, identity_id, slice from quality.issues),

{% include 'publish/queries/earlier_runs.sql' %}

select 'opened' as change, report_id, identity_id, slice
from issues anti join earlier_issues using (report_id, identity_id, slice)
union all
select 'closed' as change, report_id, identity_id, slice
from earlier_issues anti join issues using (report_id, identity_id, slice)
order by all
