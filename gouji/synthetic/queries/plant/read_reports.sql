-- The reports that are wanted, and those of the year before.
create or replace table read_reports as
select report_id from wanted
union
select links.report_id from links
inner join wanted on links.check_report_id = wanted.report_id where whose = 'before'
