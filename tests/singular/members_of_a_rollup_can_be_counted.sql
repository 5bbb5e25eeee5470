-- The number of members with missing values (macros/missing_values.sql) counts up to 9,999 members with the same
-- status.
select
    report_id,
    count(*) as members
from {{ ref('int_check_sources') }}
where scope = 'members'
group by report_id
having count(*) > 9999
