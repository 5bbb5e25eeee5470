-- Everything that is found by a name: bodies and regions, under each of their names and in plain Latin letters, with
-- where they lie.
select
    'agency' as kind,
    agency_id as id,
    agency_name as name,
    array_to_string(other_names, '、') as other_names,
    coalesce(province, '') as place,
    reports,
    lower(concat_ws(
        ' ', agency_name, array_to_string(other_names, ' '), province, region_name, agency_id,
        strip_accents(replace(name_latin, '''', ''))
    )) as words
from prepared.lists.agencies
union all
select
    'region',
    region_code,
    region_name,
    '',
    case when province is distinct from region_name then coalesce(province, '') else '' end,
    reports,
    lower(concat_ws(
        ' ', region_name, province, parent_name, region_code, strip_accents(replace(name_latin, '''', ''))
    ))
from prepared.lists.regions
order by kind, id
