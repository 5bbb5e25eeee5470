-- The causes of each family of identities.
select
    family,
{% include 'worklist/queries/counts.sql' %}

from causes
group by family
order by causes desc, family
