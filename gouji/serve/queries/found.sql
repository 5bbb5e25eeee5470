-- Bodies and regions whose names answer to what is asked: those that are called so, before those that begin so, before
-- others; at most so many of each kind.
select
    kind,
    id,
    name,
    other_names,
    place,
    reports
from names
where {{ condition }}
qualify
    row_number() over (
        partition by kind
        order by
            not (lower(name) = $whole or id = $whole),
            not starts_with(lower(name), $whole),
            not contains(lower(name), $whole),
            length(name),
            reports desc,
            id
    ) <= $most
order by
    kind,
    not (lower(name) = $whole or id = $whole),
    not starts_with(lower(name), $whole),
    not contains(lower(name), $whole),
    length(name),
    reports desc,
    id
