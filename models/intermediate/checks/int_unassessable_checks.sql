-- Identities that a report cannot be checked on, whatever its cells say, and why.
with reports as (

    select * from {{ ref('int_reports') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

last_year_sources as (

    select * from {{ ref('int_last_year_sources') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

obstacles as (

    select distinct
        report_id,
        obstacle
    from last_year_sources

),

needs as (

    select distinct
        identities.identity_id,
        identities.layout,
        identity_terms.scope,
        identity_terms.year_offset
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id
    where identity_terms.scope <> 'own' or identity_terms.year_offset <> 0

),

unmet_needs as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.layout,
        needs.identity_id,
        needs.scope,
        needs.year_offset
    from reports
    inner join needs on reports.layout = coalesce(needs.layout, reports.layout)
    left join check_sources
        on
            reports.report_id = check_sources.report_id
            and needs.scope = check_sources.scope
            and needs.year_offset = check_sources.year_offset
    where check_sources.report_id is null and (needs.scope = 'own' or reports.is_consolidated)

),

final as (

    select
        unmet_needs.report_id,
        unmet_needs.report_year,
        unmet_needs.identity_id,
        case
            when unmet_needs.scope = 'members' then 'members: no complete set of reports'
            else obstacles.obstacle
        end as reason
    from unmet_needs
    left join obstacles on unmet_needs.report_id = obstacles.report_id

)

select * from final
