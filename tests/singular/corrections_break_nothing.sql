{{ config(severity='warn') }}

-- A correction that breaks a check which was not broken is worth a second look.
select *
from {{ ref('corrected_checks') }}
where is_newly_broken
