-- What was found of each identity.
with compared as (
    select
        identity_id,
        expected.report_id is not null as is_expected,
        found.report_id is not null as is_found
    from (select distinct report_id, identity_id, slice from expected) as expected
    full join found using (report_id, identity_id, slice)
)
select
    identity_id,
    count(*) filter (is_expected) as expected,
    count(*) filter (is_found) as found,
    count(*) filter (is_expected and is_found) as caught,
    count(*) filter (is_expected and is_found) / nullif(expected, 0) as recall,
    count(*) filter (is_expected and is_found) / nullif(found, 0) as precision
from compared
group by identity_id
order by identity_id
