-- The bodies that are drawn.
create or replace temp table agency_pages as
select agency_id
from marts.dim_agency
