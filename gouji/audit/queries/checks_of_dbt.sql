{% from 'audit/queries/digest.sql' import digest %}
-- What dbt made of each identity, as the audit digests it.
select identity_id, {{ digest() }} as checks
from quality.fct_identity_checks
group by identity_id
