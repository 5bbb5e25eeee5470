-- The reports that a consolidated one adds up, where the seed says that they are all and every one is held.
select consolidated.report_id, unnest(list(held.report_id)) as source_report_id
from intermediate.int_reports as consolidated
inner join staging.stg_rollup_members as members using (agency_id, report_year)
left join intermediate.int_reports as held
    on members.member_agency_id = held.agency_id and members.report_year = held.report_year
group by consolidated.report_id
having count(*) = count(held.report_id) filter (members.is_complete)
