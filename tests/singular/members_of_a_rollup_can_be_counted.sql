-- The pattern of a roll-up's gaps (macros/gaps.sql) counts up to 9,999 members with the same status.
select
    report_id,
    count(*) as members
from {{ ref('int_report_pairs') }}
where scope = 'members'
group by report_id
having count(*) > 9999
