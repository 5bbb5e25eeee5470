-- Which report gives the cells of a term: the report itself, its body's last one, or its members'.
-- A pair is here only where it can be used: last year's report in the same layout, members where the set
-- is complete.
with all_reports as (

    select * from {{ whole('int_reports') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

agencies as (

    select * from {{ ref('stg_agencies') }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

-- a body that took over from another goes on with its numbers
last_years as (

    select
        reports.report_id,
        reports.report_year,
        reports.layout,
        coalesce(own.report_id, predecessors.report_id) as source_report_id,
        coalesce(own.layout, predecessors.layout) as source_layout
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    left join all_reports as own
        on reports.agency_id = own.agency_id and reports.report_year - 1 = own.report_year
    left join all_reports as predecessors
        on
            agencies.predecessor_agency_id = predecessors.agency_id
            and reports.report_year - 1 = predecessors.report_year

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
        report_id as source_report_id
    from reports
    union all
    select
        report_id,
        report_year,
        'own' as scope,
        -1 as year_offset,
        source_report_id
    from last_years
    where layout = source_layout
    union all
    select
        report_id,
        report_year,
        'members' as scope,
        0 as year_offset,
        member_report_id as source_report_id
    from members

)

select * from final
