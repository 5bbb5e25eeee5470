-- Bodies that had a report for one year and none for the next, at most so many: the latest first.
with years as (

    select
        agency_id,
        agency_name,
        province,
        level,
        report_year,
        lead(report_year) over (partition by agency_id order by report_year) as next_year
    from marts.agency_year

)

select
    years.agency_id,
    years.agency_name,
    years.province,
    years.level,
    years.report_year as last_year,
    years.report_year + 1 as missing_year,
    years.next_year
from years
left join (select distinct predecessor_agency_id as agency_id from marts.dim_agency) as succeeded
    on years.agency_id = succeeded.agency_id
where
    succeeded.agency_id is null
    and years.next_year is distinct from years.report_year + 1
    and years.report_year < (select max(report_year) from marts.agency_year)
order by years.report_year desc, years.agency_id
limit $most
