-- The parts of a table that are not what they have to be: by the count of their rows, or the sum of the rows' hashes.
with {% include 'audit/queries/tables/sides.sql' %}

select part
from (
    select part, count(*) as rows_in_it, sum(cast(hash({{ types | join(', ') }}) as hugeint)) as hashes
    from found
    group by part
    union all
    select part, -count(*), -sum(cast(hash({{ types | join(', ') }}) as hugeint))
    from due
    group by part
)
group by part
having sum(rows_in_it) <> 0 or sum(hashes) <> 0
