-- The members of the bodies that are drawn, and those that took over from them.
select
    agency_id,
    agency_name,
    parent_agency_id,
    predecessor_agency_id
from marts.dim_agency
where
    parent_agency_id in (select agency_id from agency_pages)
    or predecessor_agency_id in (select agency_id from agency_pages)
order by agency_id
