-- How many requests did the bodies of each level receive, in each province?
select province, level, report_year, sum(new_requests) as requests
from marts.agency_year
where not is_consolidated
group by province, level, report_year
having requests > 0
order by province, level, report_year;

select
    region_name as province, level, report_year::integer as report_year,
    sum(coalesce(try_cast(natural_person as bigint), 0) + coalesce(try_cast(commercial_enterprise as bigint), 0)
        + coalesce(try_cast(research_institution as bigint), 0)
        + coalesce(try_cast(public_welfare_organization as bigint), 0)
        + coalesce(try_cast(legal_service_organization as bigint), 0)
        + coalesce(try_cast(other_organization as bigint), 0)) as requests
from raw_requests
inner join raw_reports using (report_id)
inner join agencies using (agency_id)
inner join regions on substr(agencies.region_code, 1, 2) || '0000' = regions.region_code
where line_code = 'new_requests' and is_consolidated = 'false'
group by province, level, report_year
having requests > 0
order by province, level, report_year;
