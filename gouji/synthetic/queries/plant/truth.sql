-- The truth, to be filled.
create table changes (
    fault_id varchar, report_id varchar, kind varchar, form_table varchar,
    line_code varchar, column_code varchar, printed_before varchar, printed_after varchar,
    value_before decimal(28, 4)
);
create table fault_checks (
    fault_id varchar, report_id varchar, identity_id varchar, slice varchar
);
create table explanations (fault_id varchar, explanations bigint);
