-- What is known of each report: its body, year and layout, and who adds it up.
create table reports as
select
    report_id, agency_id, report_year::integer as report_year, layout,
    coalesce(rolled_up.check_report_id, report_id) as reach
from {{ raw_reports }}
left join (select report_id, check_report_id from links where whose = 'member') as rolled_up
    using (report_id)
