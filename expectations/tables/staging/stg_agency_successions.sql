-- The successions of the seed as it says, and of the bodies without a recorded one those that they name themselves, in no
-- year. What else is recorded in a landing folder is in the folder alone, which the gate does not read.
{% set key = ['predecessor_agency_id', 'successor_agency_id', 'effective_year'] %}
{% set title_zh = '机关承继与种子表、机关表一致' %}
{% set title_en = 'Successions are as the seed and the bodies say' %}
{% set found %}
    from staging.stg_agency_successions
    where
        effective_year is null
        or (predecessor_agency_id, successor_agency_id, effective_year) in (
            select (predecessor_agency_id, successor_agency_id, effective_year) from stewardship.agency_successions
        )
{% endset %}
select * exclude (evidence) from stewardship.agency_successions
union all
select predecessor_agency_id, agency_id, 'renamed', null, null
from staging.stg_agencies
where
    predecessor_agency_id is not null
    and agency_id not in (select successor_agency_id from stewardship.agency_successions)
    and agency_id not in (
        select successor_agency_id from staging.stg_agency_successions where effective_year is not null
    )
