-- What the audit said, a row for each expectation.
create or replace table quality.audit_results (
    suite varchar,
    rule_id varchar,
    title_zh varchar,
    title_en varchar,
    severity varchar,
    passed boolean,
    failing_rows bigint,
    audited_at timestamptz,
    gouji_version varchar,
    duckdb_version varchar,
    great_expectations_version varchar
)
