-- A body that ended before it began would be expected in no year, and nobody would be told.
with agency_lifetimes as (

    select * from {{ ref('agency_lifetimes') }}

)

select *
from agency_lifetimes
where valid_to < valid_from
