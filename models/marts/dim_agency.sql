-- The bodies that report: where they are, what they do, whom they answer to.
with agencies as (

    select * from {{ ref('int_agencies') }}

),

regions as (

    select * from {{ ref('dim_region') }}

),

sectors as (

    select * from {{ ref('sectors') }}

),

final as (

    select
        agencies.agency_id,
        agencies.agency_name,
        agencies.region_code,
        regions.province,
        regions.prefecture,
        regions.county,
        agencies.level,
        agencies.sector_code as sector,
        sectors.label_zh as sector_zh,
        sectors.label_en as sector_en,
        agencies.parent_agency_id,
        agencies.parent,
        agencies.predecessor_agency_id,
        agencies.is_consolidated,
        -- no name of the body's own, and two bodies of one line of work have the same
        case when regions.name_latin is not null then concat(regions.name_latin, ': ', sectors.label_en) end
            as name_latin
    from agencies
    inner join regions on agencies.region_code = regions.region_code
    inner join sectors on agencies.sector_code = sectors.sector_code

)

select * from final
