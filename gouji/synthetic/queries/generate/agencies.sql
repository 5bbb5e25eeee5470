-- The bodies, in the columns of the project's own seed.
select
    agency_id, agency_name, region_code, level, sector_code,
    case when is_group and not is_consolidated
        then first(agency_id) over (partition by g order by k) end as parent_agency_id,
    null::varchar as predecessor_agency_id,
    is_consolidated::varchar as is_consolidated
from bodies
where a in (select a from reports)
order by a
