-- Which ground of denial is used most? (consolidated reports)
select line_code, sum(value) as requests
from marts.requests_year
where outcome_group = 'denied' and is_consolidated
group by line_code
order by requests desc, line_code;

select
    line_code,
    sum(coalesce(try_cast(natural_person as bigint), 0) + coalesce(try_cast(commercial_enterprise as bigint), 0)
        + coalesce(try_cast(research_institution as bigint), 0)
        + coalesce(try_cast(public_welfare_organization as bigint), 0)
        + coalesce(try_cast(legal_service_organization as bigint), 0)
        + coalesce(try_cast(other_organization as bigint), 0)) as requests
from raw_requests
inner join raw_reports using (report_id)
inner join agencies using (agency_id)
where is_consolidated = 'true' and line_code like 'denied_%'
group by line_code
order by requests desc, line_code;
