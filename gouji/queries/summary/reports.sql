-- The reports that count.
select
    count(*) as reports,
    count(distinct agency_id) as agencies,
    min(report_year) as first_year,
    max(report_year) as last_year,
    count(*) filter (is_consolidated) as consolidated
from marts.dim_report
where is_current
