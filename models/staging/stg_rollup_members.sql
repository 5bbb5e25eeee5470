with rollup_members as (

    select * from {{ ref('rollup_members') }}

),

{% set landed = landed_files('rollup_members') %}
final as (

    select
        agency_id,
        member_agency_id,
        report_year,
        is_complete,
        note
    from rollup_members
    {% if landed %}
        union all
        select
            agency_id,
            member_agency_id,
            cast(report_year as integer) as report_year,
            cast(is_complete as boolean) as is_complete,
            note
        from {{ landed }}
    {% endif %}

)

select * from final
