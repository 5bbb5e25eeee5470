-- Which report gives the cells of a term: the report itself, those of the year before, or its members'.
-- A pair is here only where it can be used: last year's report where it is held, members where the set
-- is complete.
with all_reports as (

    select * from {{ whole('int_reports') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

last_year_sources as (

    select * from {{ ref('int_last_year_sources') }}
    where obstacle is null

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

members as (

    select
        reports.report_id,
        reports.report_year,
        member_reports.report_id as member_report_id
    from reports
    inner join rollup_members
        on reports.agency_id = rollup_members.agency_id and reports.report_year = rollup_members.report_year
    left join all_reports as member_reports
        on
            rollup_members.member_agency_id = member_reports.agency_id
            and rollup_members.report_year = member_reports.report_year
    -- complete as the seed says, and every member's report is held
    qualify
        min(case when rollup_members.is_complete and member_reports.report_id is not null then 1 else 0 end) over (
            partition by reports.report_id
        ) = 1

),

final as (

    select
        report_id,
        report_year,
        'own' as scope,
        0 as year_offset,
        report_id as source_report_id,
        false as is_in_other_layout
    from reports
    union all
    select
        report_id,
        report_year,
        'own' as scope,
        -1 as year_offset,
        source_report_id,
        is_in_other_layout
    from last_year_sources
    union all
    select
        report_id,
        report_year,
        'members' as scope,
        0 as year_offset,
        member_report_id as source_report_id,
        false as is_in_other_layout
    from members

)

select * from final
