-- The reports that get a page: all while they are few; else those asked for, and of those with open issues
-- the ones with most.
create or replace temp table report_pages as
with open_issues as (

    select
        report_id,
        count_if(severity = 'error') as errors,
        count(*) as issues
    from quality.issues
    where not is_acknowledged
    group by report_id

),

reports as (

    select
        dim_report.report_id,
        list_contains($asked, dim_report.report_id) as is_asked,
        coalesce(open_issues.errors, 0) as errors,
        coalesce(open_issues.issues, 0) as issues,
        count(*) over () as all_reports
    from marts.dim_report
    left join open_issues using (report_id)
    where dim_report.is_current

)

select report_id
from reports
qualify
    all_reports <= $most
    or is_asked
    or (issues > 0 and row_number() over (order by errors desc, issues desc, report_id) <= $most)
