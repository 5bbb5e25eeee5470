-- What share is granted, by year?
select report_year, sum(granted) as granted, sum(processed) as processed, round(100.0 * sum(granted) / nullif(sum(processed), 0), 1)
from marts.agency_year
where not is_consolidated
group by report_year
order by report_year;

with answered as (
    select
        report_year::integer as report_year, line_code,
        coalesce(try_cast(natural_person as bigint), 0) + coalesce(try_cast(commercial_enterprise as bigint), 0)
        + coalesce(try_cast(research_institution as bigint), 0)
        + coalesce(try_cast(public_welfare_organization as bigint), 0)
        + coalesce(try_cast(legal_service_organization as bigint), 0)
        + coalesce(try_cast(other_organization as bigint), 0) as requests
    from raw_requests
    inner join raw_reports using (report_id)
    inner join agencies using (agency_id)
    where is_consolidated = 'false'
        and line_code not in ('new_requests', 'carried_in', 'total_processed', 'carried_out')
)
select
    report_year, sum(requests) filter (line_code = 'granted') as granted, sum(requests) as processed,
    round(100.0 * sum(requests) filter (line_code = 'granted') / nullif(sum(requests), 0), 1)
from answered
group by report_year
order by report_year;
