-- Who adds up whom, in the columns of the project's own seed. The last group may have been cut: its members are not
-- complete, and are not listed.
with whole as (
    select g from bodies left join (select distinct a, 1 as reports from reports)
    using (a) group by g having count(reports) = count(*)
),
last_report as (select g, a, y from reports qualify row_number() over (order by n desc) = 1)
select
    parents.agency_id,
    members.agency_id as member_agency_id,
    members.y::varchar as report_year,
    (members.rollup = 'complete')::varchar as is_complete,
    '合成数据' as note
from reports as members
inner join reports as parents on members.g = parents.g and members.y = parents.y
    and parents.is_consolidated
where not members.is_consolidated
    and members.g in (select g from whole)
    and members.g not in (select g from last_report)
    and members.rollup <> 'none'
    and (members.rollup = 'complete' or members.k > 1)
order by members.n
