-- Administrative regions of four levels, those abolished since 2019 among them, each with the names of the regions it
-- lies in.
with regions as (

    select * from {{ ref('int_regions') }}

),

final as (

    select
        regions.region_code,
        regions.region_name,
        regions.region_level,
        regions.parent_code,
        regions.province_code,
        provinces.region_name as province,
        regions.prefecture_code,
        prefectures.region_name as prefecture,
        regions.county_code,
        counties.region_name as county,
        regions.valid_from,
        regions.valid_to,
        regions.former_name,
        regions.name_latin,
        regions.is_transliterated
    from regions
    left join regions as provinces on regions.province_code = provinces.region_code
    left join regions as prefectures on regions.prefecture_code = prefectures.region_code
    left join regions as counties on regions.county_code = counties.region_code

)

select * from final
