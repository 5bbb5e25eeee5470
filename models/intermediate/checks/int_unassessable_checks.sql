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

layout_changes as (

    select distinct report_id
    from last_year_sources
    where is_in_other_layout

),

-- table 二 has other cells in each layout; 三 and 四 have the same lines in both
needs as (

    select
        identities.identity_id,
        identities.layout,
        identity_terms.scope,
        identity_terms.year_offset,
        max(case when identity_terms.form_table = 'disclosures' and identity_terms.year_offset <> 0 then 1 else 0 end)
        = 1 as needs_the_same_layout
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id
    where identity_terms.scope <> 'own' or identity_terms.year_offset <> 0
    group by identities.identity_id, identities.layout, identity_terms.scope, identity_terms.year_offset

),

unmet_needs as (

    select distinct
        reports.report_id,
        reports.report_year,
        needs.identity_id,
        needs.scope,
        check_sources.report_id is not null as has_source
    from reports
    inner join needs on reports.layout = coalesce(needs.layout, reports.layout)
    left join check_sources
        on
            reports.report_id = check_sources.report_id
            and needs.scope = check_sources.scope
            and needs.year_offset = check_sources.year_offset
    left join layout_changes on reports.report_id = layout_changes.report_id and needs.needs_the_same_layout
    where
        (check_sources.report_id is null or layout_changes.report_id is not null)
        and (needs.scope = 'own' or reports.is_consolidated)

),

final as (

    select
        unmet_needs.report_id,
        unmet_needs.report_year,
        unmet_needs.identity_id,
        case
            when unmet_needs.has_source then 'last year: report is in the other layout'
            when unmet_needs.scope = 'members' then 'members: no complete set of reports'
            else obstacles.obstacle
        end as reason
    from unmet_needs
    left join obstacles on unmet_needs.report_id = obstacles.report_id

)

select * from final
