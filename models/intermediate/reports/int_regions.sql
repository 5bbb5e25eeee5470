-- Every region with the province, prefecture and county that it lies in; itself counts as its own level's.
with regions as (

    select * from {{ ref('regions') }}

),

latin_names as (

    select * from {{ ref('region_latin_names') }}

),

with_ancestors as (

    select
        regions.region_code,
        regions.region_name,
        regions.region_level,
        regions.parent_code,
        cast(regions.valid_from as integer) as valid_from,
        cast(regions.valid_to as integer) as valid_to,
        regions.former_name,
        latin_names.name_latin,
        latin_names.is_transliterated,
        parents.region_level as parent_level,
        parents.parent_code as grandparent_code,
        grandparents.region_level as grandparent_level,
        grandparents.parent_code as great_grandparent_code
    from regions
    left join regions as parents on regions.parent_code = parents.region_code
    left join regions as grandparents on parents.parent_code = grandparents.region_code
    left join latin_names on regions.region_code = latin_names.region_code

),

final as (

    select
        region_code,
        region_name,
        region_level,
        parent_code,
        case 'province'
            when region_level then region_code
            when parent_level then parent_code
            when grandparent_level then grandparent_code
            else great_grandparent_code
        end as province_code,
        case 'prefecture'
            when region_level then region_code
            when parent_level then parent_code
            when grandparent_level then grandparent_code
        end as prefecture_code,
        case 'county'
            when region_level then region_code
            when parent_level then parent_code
        end as county_code,
        valid_from,
        valid_to,
        former_name,
        name_latin,
        is_transliterated
    from with_ancestors

)

select * from final
