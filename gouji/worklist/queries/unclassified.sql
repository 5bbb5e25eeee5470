-- The bodies whose line of work is not known: a steward gives each its sector.
select
    province,
    agency_name,
    agency_id
from marts.dim_agency
where sector = 'unclassified' and ($province is null or province = $province)
order by province, agency_id
