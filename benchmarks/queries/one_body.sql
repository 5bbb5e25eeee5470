-- How does one body develop?
select report_year, layout, new_requests, granted, carried_out
from marts.agency_year
where agency_id = getvariable('one_body')
order by report_year;

with counted as (
    select
        report_year::integer as report_year, layout, line_code,
        case when coalesce(
            try_cast(natural_person as bigint), try_cast(commercial_enterprise as bigint),
            try_cast(research_institution as bigint), try_cast(public_welfare_organization as bigint),
            try_cast(legal_service_organization as bigint), try_cast(other_organization as bigint)
        ) is not null then
        coalesce(try_cast(natural_person as bigint), 0) + coalesce(try_cast(commercial_enterprise as bigint), 0)
        + coalesce(try_cast(research_institution as bigint), 0)
        + coalesce(try_cast(public_welfare_organization as bigint), 0)
        + coalesce(try_cast(legal_service_organization as bigint), 0)
        + coalesce(try_cast(other_organization as bigint), 0) end as requests
    from raw_requests
    inner join raw_reports using (report_id)
    where agency_id = getvariable('one_body')
)
select
    report_year, layout, sum(requests) filter (line_code = 'new_requests'),
    sum(requests) filter (line_code = 'granted'), sum(requests) filter (line_code = 'carried_out')
from counted
group by report_year, layout
order by report_year;
