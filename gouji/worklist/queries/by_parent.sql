-- The causes of each parent body, whose sheet they are on.
select
    province,
    parent,
    parent_agency_id,
    is_split,
{% include 'worklist/queries/counts.sql' %}

from causes
group by province, parent, parent_agency_id, is_split
order by province, causes desc, parent_agency_id
