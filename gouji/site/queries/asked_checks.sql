-- Of the cells of checks, only those of the pages' are read.
create or replace temp view asked_checks as
select distinct report_id, identity_id, slice
from page_checks
