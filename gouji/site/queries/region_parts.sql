-- The regions with figures that lie in those that are drawn.
select
    region_code,
    region_name,
    parent_code
from marts.dim_region
where
    parent_code in (select region_code from region_pages)
    and region_code in (select region_code from marts.region_year)
order by region_code
