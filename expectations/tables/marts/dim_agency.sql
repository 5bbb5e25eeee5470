-- The bodies of the seed and of the landing folder, with the names of their region, line of work and superior.
{% set key = ['agency_id'] %}
{% set title_zh = '机关维度与种子表一致' %}
{% set title_en = 'dim_agency says of a body what the seeds say' %}
select
    agencies.agency_id, agencies.agency_name, region_code, province, prefecture, county, agencies.level,
    agencies.sector_code as sector, sectors.label_zh as sector_zh, sectors.label_en as sector_en,
    agencies.parent_agency_id, superiors.agency_name as parent, agencies.predecessor_agency_id,
    agencies.is_consolidated, name_latin || ': ' || sectors.label_en as name_latin
from staging.stg_agencies as agencies
left join marts.dim_region using (region_code)
left join reference.sectors as sectors using (sector_code)
left join staging.stg_agencies as superiors on agencies.parent_agency_id = superiors.agency_id
