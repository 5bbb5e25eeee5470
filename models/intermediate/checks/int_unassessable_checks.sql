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

-- many identities need the same
kinds_of_need as (

    select distinct
        scope,
        year_offset,
        needs_the_same_layout
    from needs

),

sources as (

    select
        report_id,
        scope,
        year_offset,
        max(case when is_in_other_layout then 1 else 0 end) = 1 as is_in_other_layout
    from check_sources
    group by report_id, scope, year_offset

),

unmet_needs as (

    select
        reports.report_id,
        reports.report_year,
        reports.layout,
        kinds_of_need.scope,
        kinds_of_need.year_offset,
        kinds_of_need.needs_the_same_layout,
        case
            when sources.report_id is not null then 'last year: report is in the other layout'
            when kinds_of_need.scope = 'members' then 'members: no complete set of reports'
            else obstacles.obstacle
        end as reason
    from reports
    cross join kinds_of_need
    left join sources
        on
            reports.report_id = sources.report_id
            and kinds_of_need.scope = sources.scope
            and kinds_of_need.year_offset = sources.year_offset
    left join obstacles on reports.report_id = obstacles.report_id
    where
        (kinds_of_need.scope = 'own' or reports.is_consolidated)
        and (sources.report_id is null or (kinds_of_need.needs_the_same_layout and sources.is_in_other_layout))

),

final as (

    select
        unmet_needs.report_id,
        unmet_needs.report_year,
        needs.identity_id,
        unmet_needs.reason
    from unmet_needs
    inner join needs
        on
            unmet_needs.scope = needs.scope
            and unmet_needs.year_offset = needs.year_offset
            and unmet_needs.needs_the_same_layout = needs.needs_the_same_layout
            and unmet_needs.layout = coalesce(needs.layout, unmet_needs.layout)

)

select * from final
