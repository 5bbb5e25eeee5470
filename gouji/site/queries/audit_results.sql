select * from quality.audit_results
order by passed, suite, rule_id
