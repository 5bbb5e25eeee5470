-- Who asks? New requests by kind of applicant and year
select report_year, applicant_type, sum(value) as requests
from marts.requests_year
where line_code = 'new_requests' and not is_consolidated
group by report_year, applicant_type
order by report_year, applicant_type;

with new_requests as (
    select
        report_year::integer as report_year,
        sum(try_cast(natural_person as bigint)) as natural_person,
        sum(try_cast(commercial_enterprise as bigint)) as commercial_enterprise,
        sum(try_cast(research_institution as bigint)) as research_institution,
        sum(try_cast(public_welfare_organization as bigint)) as public_welfare_organization,
        sum(try_cast(legal_service_organization as bigint)) as legal_service_organization,
        sum(try_cast(other_organization as bigint)) as other_organization
    from raw_requests
    inner join raw_reports using (report_id)
    inner join agencies using (agency_id)
    where line_code = 'new_requests' and is_consolidated = 'false'
    group by report_year
)
from (unpivot new_requests on * exclude (report_year) into name applicant_type value requests)
order by report_year, applicant_type;
