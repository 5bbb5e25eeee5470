-- Where were reviews corrected and lawsuits lost?
select agency_name, report_year, reviews_corrected, lawsuits_lost
from marts.agency_year
where reviews_corrected > 0 or lawsuits_lost > 0
order by coalesce(reviews_corrected, 0) + coalesce(lawsuits_lost, 0) desc, agency_name, report_year
limit 5;

with cases as (
    select
        agency_name, report_year::integer as report_year,
        sum(try_cast(corrected as bigint)) filter (channel = 'review') as reviews_corrected,
        sum(try_cast(corrected as bigint)) filter (channel <> 'review') as lawsuits_lost
    from raw_reviews
    inner join raw_reports using (report_id)
    group by all
)
select * from cases
where reviews_corrected > 0 or lawsuits_lost > 0
order by coalesce(reviews_corrected, 0) + coalesce(lawsuits_lost, 0) desc, agency_name, report_year
limit 5;
