-- Which report counts in a check of which, and as what.
create or replace table links as
with reports as (

    select report_id, agency_id, report_year::integer as report_year, layout
    from {{ raw_reports }}

),

members as (

    select agency_id, member_agency_id, report_year::integer as report_year
    from {{ rollup_members }}
    where is_complete = 'true'

)

select report_id, 'own' as whose, report_id as check_report_id, layout as check_layout, false as is_in_other_layout
from reports
union all
select reports.report_id, 'before', later.report_id, later.layout, reports.layout <> later.layout
from reports
inner join reports as later
    on reports.agency_id = later.agency_id and reports.report_year + 1 = later.report_year
union all
select reports.report_id, 'member', parents.report_id, parents.layout, false
from members
inner join reports
    on members.member_agency_id = reports.agency_id and members.report_year = reports.report_year
inner join reports as parents
    on members.agency_id = parents.agency_id and members.report_year = parents.report_year
