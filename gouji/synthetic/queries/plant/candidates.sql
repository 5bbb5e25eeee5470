-- The reports that may hold a fault, in an order of chance.
select report_id
from reports
-- the even or the odd years of a body, so that no two years in a row hold a fault
where (report_year + hash(agency_id || ' {{ seed }}') % 2) % 2 = 0
-- one report of those that are added up together
qualify row_number() over (partition by reach order by hash(report_id || ' {{ seed }}')) = 1
order by hash(report_id || ' order {{ seed }}'), report_id
