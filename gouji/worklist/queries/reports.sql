-- The reports that the worklist is made from.
select
    count(*) as reports,
    count(distinct agency_id) as agencies,
    min(report_year) as first_year,
    max(report_year) as last_year,
    max(landed_on) as landed_on
from marts.dim_report
where is_current
