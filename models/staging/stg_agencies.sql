with agencies as (

    select * from {{ ref('agencies') }}

),

{% set landed = landed_files('agencies') %}
final as (

    select
        agency_id,
        agency_name,
        region_code,
        level,
        sector_code,
        parent_agency_id,
        predecessor_agency_id,
        is_consolidated
    from agencies
    {% if landed %}
        union all
        select
            agency_id,
            agency_name,
            region_code,
            level,
            sector_code,
            nullif(parent_agency_id, '') as parent_agency_id,
            nullif(predecessor_agency_id, '') as predecessor_agency_id,
            cast(is_consolidated as boolean) as is_consolidated
        from {{ landed }}
    {% endif %}

)

select * from final
