-- A region under each region above it, climbed parent by parent.
{% set key = ['region_code'] %}
{% set title_zh = '行政区划维度与种子表一致' %}
{% set title_en = 'dim_region places each region where the seed does' %}
with recursive climbed as (
    select region_code as own, region_code, region_name, region_level, parent_code from reference.regions
    union all
    select own, above.region_code, above.region_name, above.region_level, above.parent_code
    from climbed inner join reference.regions as above on climbed.parent_code = above.region_code
),

above as (
    select
        own as region_code,
        {% for level in ['province', 'prefecture', 'county'] %}
            any_value(climbed.region_code) filter (region_level = '{{ level }}') as {{ level }}_code,
            any_value(region_name) filter (region_level = '{{ level }}') as {{ level }},
        {% endfor %}
    from climbed
    group by own
)

select
    region_code, region_name, region_level, parent_code, above.* exclude (region_code),
    cast(valid_from as integer) as valid_from, cast(valid_to as integer) as valid_to, former_name,
    name_latin, is_transliterated
from reference.regions
inner join above using (region_code)
left join reference.region_latin_names using (region_code)
