-- What should be broken of the identities that are checked, and what is.
create table checked as select distinct identity_id, slice from verdicts;

create table expected as
select distinct fault_id, report_id, identity_id, slice
from truth
where identity_id in (select identity_id from checked);

create table found as
select distinct report_id, identity_id, slice
from verdicts
where status = 'broken';
