-- Who receives most requests?
select agency_name, report_year, new_requests
from marts.agency_year
order by new_requests desc, agency_name, report_year
limit 5;

select
    agency_name, report_year::integer as report_year,
    coalesce(try_cast(natural_person as bigint), 0) + coalesce(try_cast(commercial_enterprise as bigint), 0)
        + coalesce(try_cast(research_institution as bigint), 0)
        + coalesce(try_cast(public_welfare_organization as bigint), 0)
        + coalesce(try_cast(legal_service_organization as bigint), 0)
        + coalesce(try_cast(other_organization as bigint), 0) as new_requests
from raw_requests
inner join raw_reports using (report_id)
where line_code = 'new_requests'
order by new_requests desc, agency_name, report_year
limit 5;
