{{ by_changed_year() }}

-- The reports that a consolidated one adds up, as far as the seed knows them; usable where the seed says
-- that the set is complete and every member's report is held.
with reports as (

    select * from {{ rows_of_changed_years(ref('int_reports')) }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

members as (

    select
        reports.report_id,
        reports.report_year,
        rollup_members.member_agency_id,
        member_reports.report_id as member_report_id,
        rollup_members.is_complete and member_reports.report_id is not null as is_held
    from rollup_members
    inner join reports
        on
            rollup_members.agency_id = reports.agency_id
            and rollup_members.report_year = reports.report_year
    left join reports as member_reports
        on
            rollup_members.member_agency_id = member_reports.agency_id
            and rollup_members.report_year = member_reports.report_year

),

final as (

    select
        report_id,
        report_year,
        member_agency_id,
        member_report_id,
        min(case when is_held then 1 else 0 end) over (partition by report_id) = 1 as is_usable
    from members

)

select * from final
