-- Which held reports a consolidated one adds up, as far as the seed names them, whether or not it names all.
with reports as (

    select * from {{ ref('int_reports') }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

final as (

    select
        consolidated_reports.report_id,
        rollup_members.report_year,
        member_reports.report_id as member_report_id
    from rollup_members
    inner join reports as consolidated_reports
        on
            rollup_members.agency_id = consolidated_reports.agency_id
            and rollup_members.report_year = consolidated_reports.report_year
    inner join reports as member_reports
        on
            rollup_members.member_agency_id = member_reports.agency_id
            and rollup_members.report_year = member_reports.report_year

)

select * from final
