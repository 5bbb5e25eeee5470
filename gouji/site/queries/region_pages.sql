-- The regions that are drawn: those with figures.
create or replace temp table region_pages as
select distinct region_code
from marts.region_year
