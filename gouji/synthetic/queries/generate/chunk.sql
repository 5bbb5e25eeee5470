-- The reports of a chunk; whole groups are drawn, so that a consolidated report finds all of its members.
create or replace table leaves as
select * from bodies
where not is_consolidated and g in (select g from reports where chunk = {{ chunk }});
create or replace table chunk_reports as select * from reports where chunk = {{ chunk }};
-- whose numbers go into which report
create or replace table shares as
select n, a, y, prints_others_as_one from chunk_reports where not is_consolidated
union all
select chunk_reports.n, leaves.a, chunk_reports.y, chunk_reports.prints_others_as_one
from chunk_reports inner join leaves on chunk_reports.g = leaves.g
where chunk_reports.is_consolidated;
