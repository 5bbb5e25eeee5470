-- The reports that are wanted, and those nearby.
create or replace table read_reports as
with wanted_nearby as (select nearby.* from nearby semi join wanted using (report_id))

select report_id from wanted_nearby
union
select last_report_id from wanted_nearby where last_report_id is not null
union
select other_report_id from wanted_nearby where other_report_id is not null
